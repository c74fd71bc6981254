// @ts-check
/** What of the map is seen: what panel, sheet and card leave free of it, and how far it can be moved. */

import {narrow} from './dom.js';

/** @typedef {import('maplibre-gl').Map} Map */

/** Part of a phone's map that the panel covers when it rests in the middle (`panel.css`). */
const SHEET = 0.46;
/** How far round the data the map can be moved, in its own sizes. */
const MARGIN = 1.5;

/**
 * On a phone the place looked at stands in the middle of what the sheet leaves free.
 * @param {Map} map
 * @param {HTMLElement} box
 */
export function makeRoom(map, box) {
  const bottom = narrow() ? Math.round(box.clientHeight * SHEET) : 0;
  if (map.getPadding().bottom !== bottom) map.setPadding({top: 0, right: 0, bottom, left: 0});
}

/**
 * Offset in px from the middle of the free map to the middle of what the card leaves; towers reach up from there.
 * @param {HTMLElement} box
 * @param {boolean} flat
 * @returns {[number, number]}
 */
export function freeMiddle(box, flat) {
  const up = flat ? 0 : box.clientHeight * 0.14;
  if (narrow()) return [0, box.clientHeight * (flat ? -0.05 : 0.09)];
  // Two maps beside each other leave the card its room.
  return [box.parentElement?.classList.contains('split') ? 0 : -180, up];
}

/**
 * West, south, east and north of what is in view, without what the sheet of a phone covers.
 * @param {Map} map
 * @returns {import('./types').Box}
 */
export function freeBounds(map) {
  const {clientWidth: right, clientHeight} = map.getContainer();
  const [[west, south], [east, north]] = map.getBounds().toArray();
  const bottom = clientHeight - (map.getPadding().bottom ?? 0);
  const lowest = [0, right].map(x => map.unproject([x, bottom]));
  const highest = [0, right].map(x => map.unproject([x, 0]));
  const [lngs, lats] = [[...lowest, ...highest].map(({lng}) => lng), [...lowest, ...highest].map(({lat}) => lat)];
  return [
    Math.max(west, Math.min(...lngs)),
    Math.max(south, Math.min(...lats)),
    Math.min(east, Math.max(...lngs)),
    Math.min(north, Math.max(...lats)),
  ];
}

/** @param {import('./types').Box | null} bounds @returns {import('./types').Box | undefined} */
export function roomy(bounds) {
  if (!bounds) return undefined;
  const [west, south, east, north] = bounds;
  const [dx, dy] = [Math.max(east - west, 0.03) * MARGIN, Math.max(north - south, 0.03) * MARGIN];
  return [Math.max(west - dx, -180), Math.max(south - dy, -84), Math.min(east + dx, 180), Math.min(north + dy, 84)];
}
