// @ts-check
/** The small source of points that carries roof labels and bubbles: one per building that has something to say. */

import {isInside} from './window-query.js';

const DEGREE = 1e-6;
/** More points than this are never handed to the map at once: from afar nobody reads more, from near none are missed. */
const MOST = 2000;

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Box} Box */

/** Part of the view that labels reach beyond it, so that they are there when the map moves a little. */
const BEYOND = 0.5;

/** @param {Pick<import('./map.js').MapView, 'map' | 'bounds' | 'setPoints'>} view @param {import('./i18n.js').Texts} texts */
export function createLabels(view, texts) {
  /** @type {Answer | null} */
  let answer = null;
  /** Where labels stand, when not all of them do. @type {Box | null} */
  let reach = null;

  function put() {
    if (!answer) return;
    const box = widen(view.bounds());
    const rows = labelled(answer.table, answer.found, box);
    reach = rows.length < candidates(answer.table, answer.found).length ? box : null;
    view.setPoints('labels', labelPoints(answer, rows, texts));
  }
  view.map.on('moveend', () => {
    if (reach && !isInside(view.bounds(), reach)) put();
  });
  return {
    /** @param {Answer} next */
    show(next) {
      answer = next;
      put();
    },
  };
}

/** What matches, and unmanaged landmarks. @param {Table} table @param {import('./found.js').Found} found @returns {number[]} */
function candidates({buildings}, {rows, area, bare}) {
  const others = [];
  for (let b = 0; b < buildings.n; b++) if (!buildings.managed[b] && !area[b] && !bare) others.push(b);
  return [...rows, ...others];
}

/**
 * The rows that get a point: all, or where these are many those in the box, the ones with most to let first.
 * @param {Table} table
 * @param {import('./found.js').Found} found
 * @param {Box} box
 */
export function labelled(table, found, box) {
  const all = candidates(table, found);
  if (all.length <= MOST) return all;
  const {lon, lat} = table.buildings;
  const [west, south, east, north] = box.map(side => side / DEGREE);
  const inside = all.filter(b => lon[b] >= west && lon[b] <= east && lat[b] >= south && lat[b] <= north);
  return inside.length <= MOST ? inside : inside.sort((a, b) => found.area[b] - found.area[a]).slice(0, MOST);
}

/** @param {Box} box @returns {Box} */
function widen([west, south, east, north]) {
  const [dx, dy] = [(east - west) * BEYOND, (north - south) * BEYOND];
  return [west - dx, south - dy, east + dx, north + dy];
}

/**
 * @param {Answer} answer
 * @param {number[]} rows
 * @param {import('./i18n.js').Texts} texts
 * @returns {import('geojson').FeatureCollection}
 */
export function labelPoints({table: {buildings}, found, colouring}, rows, texts) {
  const hit = new Set(found.rows);
  const features = rows.map(b => {
    const on = hit.has(b);
    const area = found.area[b];
    return /** @type {import('geojson').Feature} */ ({
      type: 'Feature',
      id: buildings.id[b],
      geometry: {type: 'Point', coordinates: position(buildings, b)},
      properties: {
        on,
        managed: buildings.managed[b] === 1,
        name: texts.name(buildings.name.at(b), buildings.name_en.at(b)),
        note: on && area ? texts.t('label_area', {area: texts.area(area)}) : '',
        h: buildings.height[b] + 2,
        rank: -area,
        area,
        fill: colouring.classes[colouring.of[b]].colour,
      },
    });
  });
  return {type: 'FeatureCollection', features};
}

/** @param {import('./types').Buildings} buildings @param {number} b @returns {[number, number]} */
export const position = ({lon, lat}, b) => [lon[b] * DEGREE, lat[b] * DEGREE];
