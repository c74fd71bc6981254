// @ts-check
/** What the list says of each matching building, and in which order: pure. */

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./filters').Masks} Masks */
/**
 * @typedef {object} Summary
 * @property {number} low rent in CNY/m²/day, NaN = unknown
 * @property {number} high
 * @property {number} smallest area in m²
 * @property {number} largest
 * @property {number} newest day number of the newest report, 0 = none
 */

/**
 * Rents, areas and the newest report among the matching units of a building.
 * @param {Table} table
 * @param {Masks} masks
 * @param {number} building
 * @returns {Summary}
 */
export function summarise({units, first}, masks, building) {
  const sum = {low: NaN, high: NaN, smallest: NaN, largest: NaN, newest: 0};
  for (let u = first[building]; u < first[building + 1]; u++) {
    if (masks.unit[u]) continue;
    const smallest = units.min_area[u] || units.area[u];
    sum.smallest = least(sum.smallest, smallest);
    sum.largest = most(sum.largest, units.area[u]);
    sum.low = least(sum.low, units.rent[u]);
    sum.high = most(sum.high, units.rent[u]);
    sum.newest = Math.max(sum.newest, units.reported[u]);
  }
  return sum;
}

/**
 * Whether a unit of a building answers only because a part of it can be had.
 * @param {Table} table
 * @param {Masks} masks
 * @param {number} building
 * @param {number | null} asked the largest area asked for in m², null = any
 */
export function divides({units, first}, masks, building, asked) {
  if (asked === null) return false;
  for (let u = first[building]; u < first[building + 1]; u++)
    if (!masks.unit[u] && units.area[u] > asked) return true;
  return false;
}

/**
 * The first rows in the order asked for.
 * @param {Table} table
 * @param {Masks} masks
 * @param {{rows: Uint32Array, area: Float32Array}} found
 * @param {string} sort
 * @param {string} locale
 * @param {number} [most] how many rows are wanted
 */
export function order(table, masks, found, sort, locale, most = found.rows.length) {
  return first(found.rows, most, sort === 'name' ? byName(table, locale) : byNumber(table, masks, found, sort));
}

/** @typedef {(a: number, b: number) => number} Compare of two rows */

/** @param {Table} table @param {string} locale @returns {Compare} */
function byName({buildings: {name, id}}, locale) {
  const collator = new Intl.Collator(locale, {numeric: true});
  return (a, b) => collator.compare(name.at(a), name.at(b)) || id[a] - id[b];
}

/** @param {Table} table @param {Masks} masks @param {{rows: Uint32Array, area: Float32Array}} found @param {string} sort @returns {Compare} */
function byNumber(table, masks, found, sort) {
  const key = sortKey(table, masks, found, sort);
  const keys = new Float64Array(table.buildings.n);
  for (const b of found.rows) keys[b] = key(b);
  const {id} = table.buildings;
  return (a, b) => (keys[a] === keys[b] ? id[a] - id[b] : keys[a] < keys[b] ? -1 : 1);
}

/**
 * The first rows in order: with few wanted out of many, most of them meet one comparison.
 * @param {Uint32Array} rows
 * @param {number} most
 * @param {Compare} compare
 */
function first(rows, most, compare) {
  /** @type {number[]} */
  const best = [];
  if (most >= rows.length) return [...rows].sort(compare);
  for (const row of rows) {
    if (best.length === most && compare(row, best[most - 1]) > 0) continue;
    let [low, high] = [0, best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(row, best[middle]) < 0) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, row);
    if (best.length > most) best.pop();
  }
  return best;
}

/**
 * @param {Table} table
 * @param {Masks} masks
 * @param {{area: Float32Array}} found
 * @param {string} sort
 * @returns {(building: number) => number} ascending; buildings without the value come last
 */
function sortKey(table, masks, found, sort) {
  /** @param {number} value */
  const last = value => (Number.isNaN(value) ? Infinity : value);
  switch (sort) {
    case 'rent':
      return b => last(summarise(table, masks, b).low);
    case 'rent_desc':
      return b => last(-summarise(table, masks, b).high);
    case 'newest':
      return b => -summarise(table, masks, b).newest;
    case 'floors':
      return b => -table.buildings.floors[b];
    default:
      return b => -found.area[b];
  }
}

/** @param {number} a @param {number} b */
const least = (a, b) => (Number.isNaN(a) || b < a ? b : a);
/** @param {number} a @param {number} b */
const most = (a, b) => (Number.isNaN(a) || b > a ? b : a);
