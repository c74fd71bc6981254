// @ts-check
/** The buildings: pale blocks for the city, coloured towers for those on the list, slices for the selected one.
 *
 * Colour comes from feature state (`fill`), so that a filter recolours only the buildings whose answer changed.
 */

import {OFF} from '../colours.js';
import {COLOURS as C, ZOOM} from './tokens.js';

/** @typedef {import('maplibre-gl').LayerSpecification} Layer */

const source = {source: 'buildings', 'source-layer': 'buildings'};
/** @type {any} */
export const height = ['get', 'h'];
/** @type {any} */
export const base = ['coalesce', ['get', 'b'], 0];
/** @param {string} flag @returns {any} */
export const has = flag => ['boolean', ['feature-state', flag], false];
/** A colour that gives way to those of the pointer and of the selection. @param {any} usual @returns {any} */
export const withMarks = usual => ['case', has('hover'), '#3f7fc1', has('pick'), C.accent, usual];
/** @param {string} usual @returns {any} */
const fill = usual => withMarks(['to-color', ['feature-state', 'fill'], usual]);
/** The outlines of the selected building give way to its floors. @type {any} */
export const standing = ['case', has('sliced'), 0, 1];

/** @param {boolean} listed whether cells with buildings that are followed stand out @returns {Layer[]} */
export const groundLevelLayers = listed => [
  {
    id: 'grid',
    type: 'circle',
    source: 'buildings',
    'source-layer': 'grid',
    maxzoom: ZOOM.outlines,
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 1.4, 13, 3.4],
      'circle-color': listed ? ['case', ['has', 'm'], '#b99468', '#c7ccc6'] : '#c7ccc6',
      'circle-opacity': ['interpolate', ['linear'], ['get', 'n'], 1, 0.45, 60, 0.95],
    },
  },
  // A soft dark rim where walls meet the ground: cheap contact shadow that lifts the blocks off the map.
  {
    id: 'shade',
    type: 'line',
    ...source,
    minzoom: 14.5,
    filter: ['!', ['has', 'b']],
    paint: {
      'line-color': C.shade,
      'line-width': ['interpolate', ['exponential', 2], ['zoom'], 14, 1.5, 17, 9],
      'line-blur': ['interpolate', ['exponential', 2], ['zoom'], 14, 1.5, 17, 9],
      'line-opacity': ['interpolate', ['linear'], ['zoom'], 14.5, 0, 15.2, 0.3],
    },
  },
  {
    id: 'pick-ring',
    type: 'line',
    ...source,
    filter: ['has', 'code'],
    paint: {
      'line-color': C.accent,
      'line-width': ['interpolate', ['exponential', 2], ['zoom'], 14, 4, 17, 16],
      'line-blur': 2,
      'line-opacity': ['case', has('pick'), 0.55, 0],
    },
  },
];

/** @returns {Layer[]} */
export const flatLayers = () => [
  {
    id: 'flat-context',
    type: 'fill',
    ...source,
    filter: ['!', ['has', 'code']],
    paint: {'fill-color': C.contextFlat, 'fill-outline-color': C.contextEdge},
  },
  {id: 'flat-listed', type: 'fill', ...source, filter: ['has', 'code'], paint: {'fill-color': fill(C.contextFlat)}},
  {
    id: 'flat-edge',
    type: 'line',
    ...source,
    filter: ['has', 'code'],
    paint: {
      'line-color': ['case', has('pick'), C.accent, 'rgba(23,32,43,.38)'],
      'line-width': ['interpolate', ['linear'], ['zoom'], 13, 0.4, 17, 1.4],
    },
  },
];

/** @returns {Layer[]} */
export const solidLayers = () => [
  {
    id: 'context',
    type: 'fill-extrusion',
    ...source,
    filter: ['!', ['has', 'code']],
    paint: {'fill-extrusion-color': C.context, 'fill-extrusion-height': height, 'fill-extrusion-base': base},
  },
  {
    id: 'towers',
    type: 'fill-extrusion',
    ...source,
    filter: ['has', 'code'],
    paint: {
      'fill-extrusion-color': fill(C.context),
      'fill-extrusion-height': ['*', standing, height],
      'fill-extrusion-base': ['*', standing, base],
    },
  },
];

/** Floors of the selected building as slices round a dark core. @returns {Layer[]} */
export const sliceLayers = () => [
  {
    id: 'core',
    type: 'fill-extrusion',
    source: 'cores',
    paint: {
      'fill-extrusion-color': C.core,
      'fill-extrusion-height': ['get', 'top'],
      'fill-extrusion-base': ['get', 'base'],
    },
  },
  {
    id: 'slices',
    type: 'fill-extrusion',
    source: 'slices',
    paint: {
      'fill-extrusion-color': [
        'case',
        has('hover'),
        '#3f7fc1',
        has('pick'),
        C.accent,
        ['to-color', ['get', 'fill'], C.context],
      ],
      'fill-extrusion-height': ['get', 'top'],
      'fill-extrusion-base': ['get', 'base'],
      'fill-extrusion-vertical-gradient': false,
    },
  },
];

/**
 * Labels stand on the roofs; near the ground the camera comes close to tall roofs, where a label would fill the view.
 * @type {any}
 */
const ROOF = [
  'interpolate',
  ['linear'],
  ['zoom'],
  16,
  ['get', 'h'],
  17.2,
  ['min', ['get', 'h'], 70],
  19,
  ['min', ['get', 'h'], 15],
];

/**
 * Roof labels, and bubbles where buildings are too small to see.
 * @param {{plain: string[], strong: string[]}} fonts
 * @returns {Layer[]}
 */
export const labelLayers = fonts => [
  {
    id: 'bubbles',
    type: 'circle',
    source: 'labels',
    maxzoom: 14.2,
    filter: ['get', 'on'],
    paint: {
      'circle-color': ['get', 'fill'],
      'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'area']], 0, 3, 60, 6, 200, 16],
      'circle-stroke-color': '#fff',
      'circle-stroke-width': 1.5,
      'circle-opacity': ['interpolate', ['linear'], ['zoom'], 13.4, 0.92, 14.2, 0],
      'circle-stroke-opacity': ['interpolate', ['linear'], ['zoom'], 13.4, 1, 14.2, 0],
    },
  },
  {
    id: 'landmarks',
    type: 'symbol',
    source: 'labels',
    minzoom: 15.6,
    filter: ['all', ['!', ['get', 'on']], ['!', ['get', 'managed']]],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': fonts.plain,
      'text-size': 11.5,
      'text-padding': 10,
      'text-max-width': 9,
      'symbol-height-offset': ROOF,
      'text-anchor': 'bottom',
    },
    paint: {'text-color': C.muted, 'text-halo-color': C.halo, 'text-halo-width': 1.3},
  },
  {
    id: 'names',
    type: 'symbol',
    source: 'labels',
    minzoom: ZOOM.names,
    filter: ['get', 'on'],
    layout: {
      'symbol-sort-key': ['get', 'rank'],
      'text-field': [
        'format',
        ['get', 'name'],
        {'text-font': ['literal', fonts.strong]},
        ['case', ['==', ['get', 'note'], ''], '', ['concat', '\n', ['get', 'note']]],
        {'font-scale': 0.86, 'text-color': C.muted},
      ],
      'text-font': fonts.plain,
      'text-size': ['interpolate', ['linear'], ['zoom'], 14.6, 12, 17, 14],
      'text-line-height': 1.3,
      'text-padding': 6,
      'text-max-width': 14,
      'symbol-height-offset': ROOF,
      'text-anchor': 'bottom',
      // From near by a roof reaches farther up the screen than its middle.
      'text-offset': ['interpolate', ['linear'], ['zoom'], 15.5, ['literal', [0, -0.25]], 17, ['literal', [0, -1.4]]],
    },
    paint: {'text-color': ['case', has('pick'), C.accent, C.ink], 'text-halo-color': C.halo, 'text-halo-width': 1.8},
  },
];
