// @ts-check
/** What can be laid over the map: areas, industry clusters and amenities. */

import {COLOURS as C, ZOOM} from './tokens.js';

/** @typedef {import('maplibre-gl').LayerSpecification} Layer */
/** @typedef {{plain: string[], strong: string[]}} Fonts */

const CLOSE = 13.5;

/** @param {any} name @param {Fonts} fonts @returns {Layer[]} */
export const areaLayers = (name, fonts) => [
  {
    id: 'area-glow',
    type: 'line',
    source: 'areas',
    'source-layer': 'areas',
    paint: {'line-color': C.area, 'line-width': 7, 'line-opacity': 0.12},
  },
  {
    id: 'area-line',
    type: 'line',
    source: 'areas',
    'source-layer': 'areas',
    paint: {'line-color': C.area, 'line-width': 1.5, 'line-dasharray': [5, 3]},
  },
  {
    id: 'area-names',
    type: 'symbol',
    source: 'areas',
    'source-layer': 'areas',
    // Seen from within, the names of a whole city and its districts say nothing.
    filter: ['step', ['zoom'], true, CLOSE, ['!', ['in', ['get', 'level'], ['literal', ['city', 'district']]]]],
    layout: {
      'text-field': name,
      'text-font': fonts.strong,
      'text-size': 14,
      'text-letter-spacing': 0.12,
      'text-padding': 40,
    },
    paint: {'text-color': C.area, 'text-halo-color': C.halo, 'text-halo-width': 2},
  },
];

/**
 * @param {import('../types').Boot} boot
 * @param {(key: string) => string} t
 * @param {Fonts} fonts
 * @returns {{fills: Layer[], names: Layer[]}}
 */
export function clusterLayers(boot, t, fonts) {
  const shared = {source: 'clusters', 'source-layer': 'clusters'};
  const words = boot.words.industry;
  /** @type {any} */
  const colour = words.length
    ? ['match', ['get', 'group'], ...words.flatMap(({code, colour}) => [code, colour ?? C.cluster]), C.cluster]
    : C.cluster;
  /** @type {any} */
  const name = words.length
    ? ['match', ['get', 'group'], ...words.flatMap(word => [word.code, word.name]), ['get', 'group']]
    : ['get', 'group'];
  return {
    fills: [
      {
        id: 'cluster-fill',
        type: 'fill',
        ...shared,
        paint: {
          'fill-color': colour,
          'fill-opacity': ['interpolate', ['linear'], ['get', 'quotient'], 1, 0.14, 5, 0.3],
        },
      },
      {
        id: 'cluster-line',
        type: 'line',
        ...shared,
        paint: {'line-color': colour, 'line-width': 2, 'line-opacity': 0.8},
      },
    ],
    names: [
      {
        id: 'cluster-names',
        type: 'symbol',
        ...shared,
        minzoom: 12,
        layout: {
          'text-field': [
            'format',
            name,
            {},
            '\n',
            {},
            ['concat', t('quotient'), ' ', ['to-string', ['/', ['round', ['*', ['get', 'quotient'], 10]], 10]]],
            {'font-scale': 0.85},
          ],
          'text-font': fonts.strong,
          'text-size': 13,
          'text-padding': 20,
        },
        paint: {'text-color': colour, 'text-halo-color': C.halo, 'text-halo-width': 2},
      },
    ],
  };
}

/**
 * Amenities of the groups that are switched on; metro stations belong to the transit lines.
 * @param {any} name
 * @param {Fonts} fonts
 * @returns {Layer[]}
 */
export function amenityLayers(name, fonts) {
  const shared = /** @type {const} */ ({type: 'symbol', source: 'amenities', 'source-layer': 'amenities'});
  return [
    {
      id: 'amenities',
      ...shared,
      minzoom: ZOOM.amenities,
      filter: ['!=', ['get', 'category'], 'metro'],
      layout: {
        'icon-image': ['get', 'category'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 14, 0.6, 16.5, 0.95],
        'icon-padding': 3,
        'text-field': ['step', ['zoom'], '', ZOOM.amenityNames, name],
        'text-font': fonts.plain,
        'text-size': 11.5,
        'text-anchor': 'top',
        'text-offset': [0, 1.05],
        'text-optional': true,
        'text-max-width': 8,
      },
      paint: {'text-color': '#2d3a49', 'text-halo-color': C.halo, 'text-halo-width': 1.4},
    },
    {
      id: 'stations',
      ...shared,
      source: 'stations',
      minzoom: ZOOM.stations,
      filter: ['==', ['get', 'category'], 'metro'],
      layout: {
        'icon-image': 'metro',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12.5, 0.55, 16, 1],
        'icon-allow-overlap': true,
        'text-field': ['step', ['zoom'], '', 13.6, name],
        'text-font': fonts.strong,
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 1.05],
        'text-optional': true,
      },
      paint: {'text-color': C.accent, 'text-halo-color': C.halo, 'text-halo-width': 1.6},
    },
  ];
}
