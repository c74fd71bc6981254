// @ts-check
/** What matches the filters, drawn out of filtered tiles: dots of density from afar, coloured buildings from near.
 *
 * Only cities too large for one state file are drawn like this; elsewhere colours are feature states of all buildings.
 */

import {classesOf, classExpression} from '../colours.js';
import {COLOURS as C, ZOOM} from './tokens.js';
import {base, has, height, standing, withMarks} from './buildings.js';

/** @typedef {import('maplibre-gl').LayerSpecification} Layer */

/** Pixels between the cells of a tile at its own zoom, and how much of that a dot may take. */
const CELL_PX = 8;
const LARGEST = 0.58;
const SMALLEST = 0.16;
/** m² in a cell of zoom 12 that make the largest dot; a cell of the zoom before holds four such cells. */
const FULL_M2 = 14_000;
/** Space is spread unevenly: a cell four times as large is seldom full, and holds about so many times as much. */
const GROWTH = 2.6;
const RAMP = ['#f6d9ae', '#f0b061', '#dd7a26', '#a8480f'];

/** How full a cell is, 0 to 1, growing with the side of a square of the area. @param {number} zoom @returns {any} */
const fullness = zoom => ['min', 1, ['sqrt', ['/', ['get', 'a'], FULL_M2 * GROWTH ** (12 - zoom)]]];

/** Radius while a tile of `zoom` is on screen, drawn `scale` times as large. @param {number} zoom @param {number} scale @returns {any} */
const radius = (zoom, scale) => [
  '*',
  CELL_PX * scale,
  ['+', SMALLEST, ['*', LARGEST - SMALLEST, fullness(zoom)]],
];

/** Dots grow with the map within a zoom and start anew with the finer cells of the next. @returns {any} */
const growing = () => [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  ...[10, 11, 12].flatMap(zoom => [zoom, radius(zoom, 1), zoom + 0.999, radius(zoom, 2)]),
];

/** @returns {any} */
const deepening = () => [
  'step',
  ['zoom'],
  ...[10, 11, 12].flatMap((zoom, i) => [
    ...(i ? [zoom] : []),
    ['interpolate', ['linear'], fullness(zoom), 0.1, RAMP[0], 0.35, RAMP[1], 0.7, RAMP[2], 1, RAMP[3]],
  ]),
];

/** Dots of the legend, small to large: shares of the largest with their colours. */
export const KEY_DOTS = [0.3, 0.5, 0.75, 1].map((share, i) => ({share, colour: RAMP[i]}));

const EQUATOR_M = 40_075_017;
const CELLS_PER_TILE = 64;

/** Side of the square that a dot stands for, in m, to two digits. @param {{lat: number, zoom: number}} at */
export function cellSide({lat, zoom}) {
  const tiles = 2 ** Math.max(10, Math.min(12, Math.floor(zoom)));
  return Number(((EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / tiles / CELLS_PER_TILE).toPrecision(2));
}

/** Dots do not overlap, so they have no sort key: with one each would be a draw call of its own. @returns {Layer} */
export const densityLayer = () => ({
  id: 'market-grid',
  type: 'circle',
  source: 'market',
  'source-layer': 'grid',
  maxzoom: ZOOM.outlines,
  paint: {
    'circle-radius': growing(),
    'circle-color': deepening(),
    'circle-opacity': 0.94,
    'circle-pitch-alignment': 'map',
    'circle-stroke-width': 0.6,
    'circle-stroke-color': 'rgba(255,255,255,.75)',
  },
});

/** Colour of a building by its class. @param {string} by @param {import('../types').Boot} boot @param {number} today @returns {any} */
export function marketColour(by, boot, today) {
  const {classes} = classesOf(by, boot);
  const colours = classes.slice(0, -1).flatMap(({colour}, i) => [i, colour]);
  const unknown = classes[classes.length - 1].colour;
  return withMarks(colours.length ? ['match', classExpression(by, boot, today), ...colours, unknown] : unknown);
}

/**
 * The classes that the legend shows.
 * @param {import('../types').State} state
 * @param {import('../types').Boot} boot
 * @param {number} today
 * @returns {any}
 */
export function marketFilter({by, only}, boot, today) {
  if (!only.length) return true;
  const {classes} = classesOf(by, boot);
  const wanted = classes.flatMap(({code}, i) => (only.includes(code) ? [i] : []));
  return ['in', classExpression(by, boot, today), ['literal', wanted]];
}

const source = {source: 'market', 'source-layer': 'market', minzoom: ZOOM.outlines};

/** @param {import('../market.js').Look} look @returns {Layer[]} */
export const flatMarketLayers = ({colour, filter}) => [
  {id: 'market-flat', type: 'fill', ...source, filter, paint: {'fill-color': colour}},
  {
    id: 'market-edge',
    type: 'line',
    ...source,
    filter,
    paint: {
      'line-color': ['case', has('pick'), C.accent, 'rgba(23,32,43,.38)'],
      'line-width': ['interpolate', ['linear'], ['zoom'], 13, 0.4, 17, 1.4],
    },
  },
];

/** @param {import('../market.js').Look} look @returns {Layer[]} */
export const solidMarketLayers = ({colour, filter}) => [
  {
    id: 'market-towers',
    type: 'fill-extrusion',
    ...source,
    filter,
    paint: {
      'fill-extrusion-color': colour,
      'fill-extrusion-height': ['*', standing, height],
      'fill-extrusion-base': ['*', standing, base],
    },
  },
];
