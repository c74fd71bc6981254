// @ts-check
/** What lies under the buildings: water, green, streets, railways, metro lines. */

import {COLOURS as C, ZOOM} from './tokens.js';

/** @typedef {import('maplibre-gl').LayerSpecification} Layer */

/** Width of a street in px at zoom 12 and 17; between and beyond it doubles with each zoom. */
const WIDTHS = {
  motorway: [3.2, 46],
  trunk: [3, 42],
  primary: [2.6, 38],
  secondary: [2, 30],
  tertiary: [1.3, 22],
  residential: [0.6, 14],
  service: [0.3, 7],
  footway: [0.1, 3],
};
const MAJOR = ['motorway', 'trunk'];
const CASING_PX = 2;

/** @param {number} at index into a pair of widths @returns {any} */
const widthAt = at => [
  'match',
  ['get', 'class'],
  ...Object.entries(WIDTHS).flatMap(([name, widths]) => [name, widths[at]]),
  WIDTHS.residential[at],
];
/** @param {number} extra px on top @returns {any} */
const width = extra => [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  12,
  ['+', widthAt(0), extra / 2],
  17,
  ['+', widthAt(1), extra],
];
/** Major streets above minor ones. @type {any} */
const byRank = ['match', ['get', 'class'], ...Object.keys(WIDTHS).flatMap((name, i) => [name, -i]), -5];
/** @type {any} */
const drawn = ['step', ['zoom'], ['match', ['get', 'class'], ['footway', 'service'], 0, 1], 14.5, 1];

/**
 * @param {import('../types').Boot} boot
 * @param {any} name expression that gives the name in the page's language
 * @param {{plain: string[], strong: string[]}} fonts
 * @returns {{below: Layer[], names: Layer[]}}
 */
export function groundLayers(boot, name, fonts) {
  const source = 'ground';
  /** @type {any} */
  const major = ['match', ['get', 'class'], MAJOR, true, false];
  return {
    below: [
      {id: 'background', type: 'background', paint: {'background-color': C.ground}},
      {id: 'plaza', type: 'fill', source, 'source-layer': 'plaza', paint: {'fill-color': C.plaza}},
      {
        id: 'green',
        type: 'fill',
        source,
        'source-layer': 'green',
        paint: {'fill-color': C.green, 'fill-outline-color': C.greenEdge},
      },
      {id: 'water', type: 'fill', source, 'source-layer': 'water', paint: {'fill-color': C.water}},
      {
        id: 'water-edge',
        type: 'line',
        source,
        'source-layer': 'water',
        minzoom: 13,
        paint: {'line-color': C.waterEdge, 'line-width': 3, 'line-blur': 3, 'line-offset': -1.5},
      },
      {
        id: 'rail',
        type: 'line',
        source,
        'source-layer': 'rail',
        minzoom: 12,
        paint: {'line-color': C.rail, 'line-width': 2, 'line-dasharray': [4, 2]},
      },
      {
        id: 'road-casing',
        type: 'line',
        source,
        'source-layer': 'roads',
        filter: ['!=', ['get', 'class'], 'footway'],
        layout: {'line-cap': 'round', 'line-join': 'round', 'line-sort-key': byRank},
        paint: {
          'line-color': ['case', major, C.majorCasing, C.casing],
          'line-width': width(CASING_PX),
          'line-opacity': drawn,
        },
      },
      {
        id: 'road',
        type: 'line',
        source,
        'source-layer': 'roads',
        layout: {'line-cap': 'round', 'line-join': 'round', 'line-sort-key': byRank},
        paint: {'line-color': ['case', major, C.major, C.road], 'line-width': width(0), 'line-opacity': drawn},
      },
    ],
    names: [
      {
        id: 'road-names',
        type: 'symbol',
        source,
        'source-layer': 'roads',
        minzoom: ZOOM.roadNames,
        filter: ['has', 'name'],
        layout: {
          'symbol-placement': 'line',
          'symbol-spacing': 420,
          'text-field': name,
          'text-font': fonts.plain,
          'text-size': ['interpolate', ['linear'], ['zoom'], 14, 11, 17, 13],
          'text-letter-spacing': 0.08,
          'text-padding': 24,
          'text-max-angle': 30,
          'text-pitch-alignment': 'viewport',
        },
        paint: {'text-color': C.roadText, 'text-halo-color': '#fff', 'text-halo-width': 1.6},
      },
      {
        id: 'ground-names',
        type: 'symbol',
        source,
        'source-layer': 'water',
        minzoom: 13,
        filter: ['has', 'name'],
        layout: {
          'text-field': name,
          'text-font': fonts.plain,
          'text-size': 13,
          'text-letter-spacing': 0.25,
          'text-padding': 60,
          'text-max-width': 14,
        },
        paint: {'text-color': C.waterText, 'text-halo-color': C.water, 'text-halo-width': 1.4},
      },
      {
        id: 'green-names',
        type: 'symbol',
        source,
        'source-layer': 'green',
        minzoom: 15,
        filter: ['has', 'name'],
        layout: {
          'text-field': name,
          'text-font': fonts.plain,
          'text-size': 11.5,
          'text-padding': 30,
          'text-max-width': 8,
        },
        paint: {'text-color': '#45683a', 'text-halo-color': C.green, 'text-halo-width': 1.3},
      },
    ],
  };
}

/**
 * Metro, tram and rail lines in their own colours.
 * @param {any} name
 * @param {{plain: string[], strong: string[]}} fonts
 * @returns {Layer[]}
 */
export function transitLayers(name, fonts) {
  const shared = /** @type {const} */ ({
    source: 'ground',
    'source-layer': 'transit',
    type: 'line',
    layout: {'line-cap': 'round', 'line-join': 'round'},
  });
  /** @type {any} */
  const colour = ['to-color', ['get', 'colour'], C.transit];
  return [
    {
      id: 'transit-casing',
      ...shared,
      paint: {
        'line-color': '#fff',
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, 3, 16, 8],
        'line-opacity': 0.85,
      },
    },
    {
      id: 'transit',
      ...shared,
      paint: {'line-color': colour, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 1.8, 16, 4.5]},
    },
    {
      id: 'transit-names',
      type: 'symbol',
      source: 'ground',
      'source-layer': 'transit',
      minzoom: 13,
      filter: ['has', 'name'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 520,
        'text-field': name,
        'text-font': fonts.strong,
        'text-size': 11.5,
        'text-padding': 40,
        'text-pitch-alignment': 'viewport',
      },
      paint: {'text-color': colour, 'text-halo-color': '#fff', 'text-halo-width': 1.8},
    },
  ];
}
