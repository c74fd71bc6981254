// @ts-check
/** What is left of a search: the matching buildings with their sums, and what leaving filters out would give: pure. */

import {STALE} from './filters.js';

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./filters.js').Masks} Masks */
/** @typedef {{names: string[], gain: number}} Relaxation */
/**
 * @typedef {object} Found
 * @property {Uint32Array} rows of the matching buildings
 * @property {Float32Array} area matched m² of each building
 * @property {Uint32Array} units matched units of each building
 * @property {number} buildings how many match, those outside the table too
 * @property {number} totalUnits
 * @property {number} totalArea in m²
 * @property {number} stale units left out only because their last word is old
 * @property {boolean} bare whether nothing is followed floor by floor, so that buildings are what is counted
 */

/** What is left of a search: matched m² and units of each building, and the sums.
 *
 * Where nothing is followed floor by floor (no units at all), the buildings themselves are what is searched.
 * @param {Table} table @param {Masks} masks @returns {Found}
 */
export function sumUp(table, masks) {
  const {units, buildings, bare} = table;
  const area = new Float32Array(buildings.n);
  const count = new Uint32Array(buildings.n);
  let [totalUnits, totalArea, stale] = [0, 0, 0];
  const old = bitOf(masks, STALE);
  for (let u = 0; u < units.n; u++) {
    if (masks.unit[u]) {
      if (masks.unit[u] === old) stale++;
      continue;
    }
    const b = units.b[u];
    area[b] += units.area[u];
    totalArea += units.area[u];
    count[b]++;
    totalUnits++;
  }
  const rows = new Uint32Array(buildings.n);
  let n = 0;
  for (let b = 0; b < buildings.n; b++) if (bare ? masks.building[b] === 0 : count[b] > 0) rows[n++] = b;
  return {rows: rows.subarray(0, n), area, units: count, buildings: n, totalUnits, totalArea, stale, bare};
}

/** The fewest rules to leave out for something to match, and how many units (or buildings, where there are no units)
 * each such choice lets in; most first. Rules in `fixed` stay.
 * @param {Table} table @param {Masks} masks @param {string[]} fixed @returns {Relaxation[]}
 */
export function relaxations(table, masks, fixed) {
  const kept = fixed.reduce((bits, name) => bits | bitOf(masks, name), 0);
  /** @type {Map<number, number>} */
  const gains = new Map();
  for (const mask of table.bare ? masks.building : masks.unit)
    if (mask && !(mask & kept)) gains.set(mask, (gains.get(mask) ?? 0) + 1);
  const namesOf = (/** @type {number} */ mask) => masks.rules.filter((_, bit) => (mask >>> bit) & 1);
  const choices = [...gains].map(([mask, gain]) => ({names: namesOf(mask), gain}));
  const fewest = Math.min(...choices.map(({names}) => names.length));
  return choices.filter(({names}) => names.length === fewest).sort((a, b) => b.gain - a.gain);
}

/** The bit of a rule, 0 where it is not in force. @param {Masks} masks @param {string} name */
function bitOf({rules}, name) {
  const bit = rules.indexOf(name);
  return bit < 0 ? 0 : 1 << bit;
}
