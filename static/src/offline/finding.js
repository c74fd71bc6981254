// @ts-check
// Which towers and units a reader's filters leave; nothing of the page.

/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./data.js').Unit} Unit */
/** @typedef {{q: string, areaMin: number, areaMax: number, rentMax: number, within: number, grade: string, stale: boolean,
 *   asked: boolean, sort: string}} Wanted */
/** @typedef {{tower: Tower, units: Unit[], area: number, rent: number | null}} Found */

/** @type {Wanted} */
export const ANYTHING = {q: '', areaMin: 0, areaMax: 0, rentMax: 0, within: -1, grade: '', stale: false, asked: false, sort: 'area'};

const RENT_SLACK = 1e-4; // a rent quoted by the month must not miss a limit in days by rounding

/** @param {string} text */
export const fold = text => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * @param {Tower[]} towers
 * @param {Wanted} wanted
 * @returns {Found[]} those with something to take, or all that match by name where nothing is asked of units
 */
export function find(towers, wanted) {
  const words = wanted.q.split(/\s+/).map(fold).filter(Boolean);
  const found = towers.filter(each => fits(each, wanted, words)).map(each => sum(each, wanted));
  const asks = wanted.areaMin || wanted.areaMax || wanted.rentMax;
  return found.filter(each => each.units.length || (words.length && !asks)).sort(ORDERS[wanted.sort] ?? ORDERS.area);
}

/**
 * @param {Unit} unit
 * @param {Wanted} wanted
 */
export function suits(unit, wanted) {
  if (wanted.asked ? !unit.fits : unit.status > 1) return false;
  if (unit.stale && !wanted.stale) return false;
  if (wanted.areaMin && !(unit.area !== null && unit.area >= wanted.areaMin)) return false;
  const least = unit.least ?? unit.area;
  if (wanted.areaMax && !(least !== null && least <= wanted.areaMax)) return false;
  return !wanted.rentMax || (unit.rentDay !== null && unit.rentDay <= wanted.rentMax + RENT_SLACK);
}

/**
 * @param {Tower} tower
 * @param {Wanted} wanted
 * @param {string[]} words
 */
function fits(tower, wanted, words) {
  if (wanted.within >= 0 && !tower.areas.includes(wanted.within)) return false;
  if (wanted.grade && tower.grade !== wanted.grade) return false;
  const keys = `${tower.search} ${fold(tower.name)} ${fold(tower.address)}`;
  return words.every(word => keys.includes(word));
}

/**
 * @param {Tower} tower
 * @param {Wanted} wanted
 * @returns {Found}
 */
function sum(tower, wanted) {
  const units = tower.units.filter(unit => suits(unit, wanted));
  const rents = units.flatMap(unit => (unit.rentDay === null ? [] : [unit.rentDay]));
  const area = units.reduce((all, unit) => all + (unit.area ?? 0), 0);
  return {tower, units, area, rent: rents.length ? Math.min(...rents) : null};
}

/** @type {Record<string, (a: Found, b: Found) => number>} */
const ORDERS = {
  area: (a, b) => b.area - a.area,
  rent: (a, b) => (a.rent ?? 1e9) - (b.rent ?? 1e9),
  floors: (a, b) => b.tower.floors - a.tower.floors,
  name: (a, b) => a.tower.name.localeCompare(b.tower.name),
};
