// @ts-check
/** Where a window of the city is looked for, and how it is asked of the server: pure. */

import {askedThen, momentQuery} from './past.js';
import {boundsOf, readShape} from './shapes.js';
import {filterQuery} from './state.js';

/** @typedef {import('./types').Box} Box */
/** @typedef {import('./types').State} State */

/** The box grows to a grid of about so many lines across the view, so that small moves ask for nothing new. */
const LINES = 8;
/** The part of the view that every window reaches beyond it. */
const MARGIN_PART = 12;
const DIGITS = 6;

/**
 * Where the list looks: a name is looked for everywhere, a box or shape that was asked for is looked through, else what is in
 * view counts, and the list follows the map.
 * @param {State} state
 * @param {Box} view
 * @param {Box | null} bounds of the city
 * @param {Box} [reached] on foot, where that is asked for
 * @returns {{box: Box, follows: boolean}}
 */
export function regionOf(state, view, bounds, reached) {
  if (state.bbox) return {box: state.bbox, follows: false};
  const drawn = state.shape ? readShape(state.shape) : null;
  if (drawn) return {box: boundsOf(drawn), follows: false};
  if (reached) return {box: reached, follows: false};
  if (state.q.trim() && bounds) return {box: bounds, follows: false};
  return {box: view, follows: true};
}

/** The box widened a little, to a grid that is coarser the larger it is. @param {Box} box @returns {Box} */
export function snap([west, south, east, north]) {
  const side = Math.max(east - west, north - south, 1e-4);
  const [margin, step] = [side / MARGIN_PART, 2 ** Math.ceil(Math.log2(side / LINES))];
  const down = (/** @type {number} */ at) => Number((Math.floor((at - margin) / step) * step).toFixed(DIGITS));
  const up = (/** @type {number} */ at) => Number((Math.ceil((at + margin) / step) * step).toFixed(DIGITS));
  return [Math.max(down(west), -180), Math.max(down(south), -85), Math.min(up(east), 180), Math.min(up(north), 85)];
}

/** @param {Box} inner @param {Box} outer */
export const isInside = (inner, outer) =>
  inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

/**
 * The query of a window; sums and counts are asked for the same box, or for the box of the filters.
 * @param {State} state
 * @param {Box} box
 */
export function windowQuery(state, box) {
  const {by, only, sort, bbox} = state;
  return [
    `bbox=${box.join()}`,
    `filter_bbox=${(bbox ?? box).map(side => Number(side.toFixed(DIGITS))).join()}`,
    filterQuery(askedThen(state)),
    by === 'vacancy' ? '' : `by=${by}`,
    only.length ? `only=${only.map(encodeURIComponent).join()}` : '',
    sort === 'area' ? '' : `sort=${sort}`,
    momentQuery(state),
  ]
    .filter(Boolean)
    .join('&');
}
