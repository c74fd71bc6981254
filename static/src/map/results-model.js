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
 * Rows in the order asked for.
 * @param {Table} table
 * @param {Masks} masks
 * @param {{rows: number[], area: Float32Array}} found
 * @param {string} sort
 * @param {string} locale
 */
export function order(table, masks, found, sort, locale) {
  const {buildings} = table;
  if (sort === 'name') {
    const collator = new Intl.Collator(locale, {numeric: true});
    const names = new Map(found.rows.map(b => [b, buildings.name.at(b)]));
    return [...found.rows].sort((a, b) =>
      collator.compare(/** @type {string} */ (names.get(a)), /** @type {string} */ (names.get(b))),
    );
  }
  const key = sortKey(table, masks, found, sort);
  const keys = new Map(found.rows.map(b => [b, key(b)]));
  return [...found.rows].sort(
    (a, b) =>
      /** @type {number} */ (keys.get(a)) - /** @type {number} */ (keys.get(b)) || buildings.id[a] - buildings.id[b],
  );
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
