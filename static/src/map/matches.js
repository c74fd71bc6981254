// @ts-check
/** Which units of the selected building answer the filters in force: pure. */

/**
 * @typedef {object} Matches
 * @property {boolean} filtered whether more is asked of units than to be on the market
 * @property {Set<string>} units that answer, each as `keyOf` writes it
 */

/**
 * What of a unit both the columns, which keep single precision, and a building's detail tell.
 * @param {number} floor
 * @param {number} area in m²
 */
export const keyOf = (floor, area) => `${floor} ${Math.fround(area)}`;

/** Rules that ask something of units, beside being on the market. */
const OF_UNITS = ['area', 'rent', 'floor', 'fitout', 'available_by'];

/** @param {import('./types').Answer | null} answer @param {string} code @returns {Matches} */
export function matchesOf(answer, code) {
  const b = answer?.table.row(code) ?? -1;
  if (!answer || b < 0) return {filtered: false, units: new Set()};
  const {table, masks} = answer;
  const {units, first} = table;
  const found = new Set();
  for (let u = first[b]; u < first[b + 1]; u++)
    if (!masks.unit[u]) found.add(keyOf(units.floor[u], units.area[u]));
  return {filtered: masks.rules.some(rule => OF_UNITS.includes(rule)), units: found};
}
