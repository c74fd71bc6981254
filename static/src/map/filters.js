// @ts-check
/** Which buildings and units answer a search: pure, over the columns of the state file.
 *
 * Every rule in force has a bit; a row's mask holds the bits of the rules it fails. Zero is a match. A row that fails
 * one rule alone is what that rule keeps out, which gives at once the count of every facet value (all other filters
 * applied) and how many there would be if a filter were relaxed. The rules are those of `geo/filters.py`.
 */

import {foldTerms} from './fold.js';
import {boundsOf, holds, readShape} from './shapes.js';

/** @typedef {import('./types').Filters} Filters */
/** @typedef {import('./types').Table} Table */
/** @typedef {(row: number) => boolean} Test */
/**
 * @typedef {{name: string, of: 'building' | 'unit', make: (f: Filters, table: Table, aids: Aids) => Test | null}} Rule
 */
/**
 * @typedef {object} Aids what a search needs beside the filters
 * @property {string[]} [only] classes that the legend shows
 * @property {{codes: string[], of: Uint8Array}} [classes]
 * @property {string} [fold]
 * @property {import('./walks.js').Land | null} [land] that is reached on foot
 * @property {import('./types').Box | null} [view] outside of which nothing counts
 */
/** @typedef {{rules: string[], building: Uint32Array, unit: Uint32Array}} Masks bits of the failed rules, per row */

/** What is on the market counts when no occupancy is asked for. */
export const MARKET = ['vacant', 'soon'];
/** The rule that leaves out units of the market whose last word is old; it is in force unless told otherwise. */
export const STALE = 'stale';
const MONTHS_PER_YEAR = 12;
const DAYS_PER_YEAR = 365;
const DAY_MS = 86_400_000;
const DEGREE = 1e6;
/** CNY per m² and day: a rent quoted by the month must not miss a limit in days by rounding. */
const RENT_SLACK = 1e-4;

/** CNY per m² and day that one of `unit` is. @param {string} unit */
export const rentFactor = unit => (unit === 'cny_m2_month' ? MONTHS_PER_YEAR / DAYS_PER_YEAR : 1);

/** Days since 1970-01-01 of an ISO date. @param {string} day */
export const dayNumber = day => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

/** @type {Rule[]} */
const RULES = [
  {name: 'q', of: 'building', make: (f, {buildings}, {fold}) => textTest(f.q, buildings.search, fold)},
  {name: 'grade', of: 'building', make: (f, {buildings, words}) => wordTest(f.grade, words.grade, buildings.grade)},
  {
    name: 'star',
    of: 'building',
    make: (f, {buildings}) => (f.star.length ? row => f.star.includes(String(buildings.star[row])) : null),
  },
  {name: 'status', of: 'building', make: (f, {buildings, words}) => wordTest(f.status, words.status, buildings.status)},
  {name: 'theme', of: 'building', make: (f, {buildings, words}) => bitTest(f.theme, words.theme, buildings.themes)},
  {
    name: 'industry',
    of: 'building',
    make: (f, {buildings, words}) => bitTest(f.industry, words.industry, buildings.industries),
  },
  {name: 'within', of: 'building', make: (f, {buildings, words}) => listTest(f.within, words.areas, buildings.areas)},
  {
    name: 'cluster',
    of: 'building',
    make: (f, {buildings, words}) => listTest(f.cluster, words.clusters, buildings.clusters),
  },
  {name: 'bbox', of: 'building', make: (f, {buildings}) => boxTest(f.bbox, buildings.lon, buildings.lat)},
  {name: 'shape', of: 'building', make: (f, {buildings}) => shapeTest(f.shape, buildings.lon, buildings.lat)},
  {name: 'in_view', of: 'building', make: (_, {buildings}, {view}) => boxTest(view ?? null, buildings.lon, buildings.lat)},
  {name: 'near', of: 'building', make: (f, {buildings}) => nearTest(f.near, f.near_m, buildings.near)},
  {
    name: 'walk_from',
    of: 'building',
    make: (_, {buildings: {lon, lat}}, {land}) => (land ? row => land.holds(lon[row], lat[row]) : null),
  },
  {name: 'only', of: 'building', make: (_, __, {only, classes}) => classTest(only ?? [], classes)},
  {
    name: 'occupancy',
    of: 'unit',
    make: (f, {units, words}) => wordTest(f.occupancy.length ? f.occupancy : MARKET, words.occupancy, units.occupancy),
  },
  {name: 'area', of: 'unit', make: (f, {units}) => areaTest(f.area_min, f.area_max, units)},
  {name: 'rent', of: 'unit', make: (f, {units}) => rangeTest(scaled(f.rent_min, f), scaled(f.rent_max, f), units.rent)},
  {name: 'floor', of: 'unit', make: (f, {units}) => floorTest(f.floor_min, f.floor_max, units.floor)},
  {name: 'fitout', of: 'unit', make: (f, {units, words}) => wordTest(f.fitout, words.fitout, units.fitout)},
  {name: 'available_by', of: 'unit', make: (f, {units, words}) => dateTest(f.available_by, units, words)},
  {name: STALE, of: 'unit', make: (f, {units: {stale}}) => (f.stale || !stale ? null : row => stale[row] === 0)},
];

/**
 * The failed rules of every building and unit.
 * @param {Table} table
 * @param {Filters} filters
 * @param {Aids} [aids]
 * @returns {Masks}
 */
export function judge(table, filters, aids = {}) {
  const rules = RULES.map(rule => ({...rule, test: rule.make(filters, table, aids)})).filter(rule => rule.test);
  const building = new Uint32Array(table.buildings.n);
  const unit = new Uint32Array(table.units.n);
  rules.forEach(({of, test}, bit) => mark(of === 'building' ? building : unit, /** @type {Test} */ (test), 1 << bit));
  const owner = table.units.b;
  for (let u = 0; u < unit.length; u++) unit[u] |= building[owner[u]];
  return {rules: rules.map(rule => rule.name), building, unit};
}

/** @param {Uint32Array} masks @param {Test} test @param {number} bit */
function mark(masks, test, bit) {
  for (let row = 0; row < masks.length; row++) if (!test(row)) masks[row] |= bit;
}

/** @param {string} q @param {import('./types').TextColumn} search @param {string} [fold] @returns {Test | null} */
function textTest(q, search, fold) {
  const terms = foldTerms(q, fold);
  if (!terms.length) return null;
  const hits = new Uint8Array(search.n);
  for (const term of terms) for (const row of rowsWith(term, search.joined())) hits[row]++;
  return row => hits[row] === terms.length;
}

/**
 * The rows whose text contains a term: one search through all of them instead of one in each.
 * @param {string} term
 * @param {{text: string, ends: Uint32Array}} column
 */
function* rowsWith(term, {text, ends}) {
  for (let at = text.indexOf(term), row = 0; at >= 0; ) {
    while (ends[row] <= at) row++;
    const inside = at + term.length <= ends[row];
    if (inside) yield row;
    at = text.indexOf(term, inside ? ends[row] : at + 1);
  }
}

/** @param {string[]} asked @param {string[]} words @param {Uint8Array} column @returns {Test | null} */
function wordTest(asked, words, column) {
  if (!asked.length) return null;
  const wanted = new Uint8Array(256);
  for (const code of asked) if (words.includes(code)) wanted[words.indexOf(code) + 1] = 1;
  return row => wanted[column[row]] === 1;
}

/** @param {string[]} asked @param {string[]} words @param {Uint32Array} column @returns {Test | null} */
function bitTest(asked, words, column) {
  const bits = asked.reduce((sum, code) => (words.includes(code) ? sum | (1 << words.indexOf(code)) : sum), 0);
  return asked.length ? row => (column[row] & bits) !== 0 : null;
}

/**
 * @param {string[]} asked
 * @param {string[]} words
 * @param {import('./types').ListColumn} column
 * @returns {Test | null}
 */
function listTest(asked, words, {values, ends}) {
  if (!asked.length) return null;
  const wanted = words.map(code => asked.includes(code));
  return row => {
    for (let at = row ? ends[row - 1] : 0; at < ends[row]; at++) if (wanted[values[at]]) return true;
    return false;
  };
}

/** @param {import('./types').Box | null} box @param {Int32Array} lon @param {Int32Array} lat @returns {Test | null} */
function boxTest(box, lon, lat) {
  if (!box) return null;
  const [west, south, east, north] = box.map(side => side * DEGREE);
  return row => lon[row] >= west && lon[row] <= east && lat[row] >= south && lat[row] <= north;
}

/** @param {string} text @param {Int32Array} lon @param {Int32Array} lat @returns {Test | null} */
function shapeTest(text, lon, lat) {
  const shape = text ? readShape(text) : null;
  if (!shape) return null;
  const [inBox, inside] = [boxTest(boundsOf(shape), lon, lat), holds(shape)];
  return row => inBox !== null && inBox(row) && inside(lon[row], lat[row]);
}

/** @param {string[]} asked @param {number} metres @param {Record<string, Uint16Array>} near @returns {Test | null} */
const nearTest = (asked, metres, near) =>
  asked.length ? row => asked.every(category => near[category]?.[row] <= metres) : null;

/** @param {string[]} only @param {Aids['classes']} classes @returns {Test | null} */
function classTest(only, classes) {
  if (!only.length || !classes) return null;
  const wanted = classes.codes.map(code => only.includes(code));
  return row => wanted[classes.of[row]];
}

/**
 * A divisible unit offers every area from its smallest part to its whole.
 * @param {number | null} low
 * @param {number | null} high
 * @param {import('./types').Units} units
 * @returns {Test | null}
 */
function areaTest(low, high, {area, min_area}) {
  if (low === null && high === null) return null;
  // Single precision on both sides, as in the columns.
  const [from, to] = [low === null ? -Infinity : Math.fround(low), high === null ? Infinity : Math.fround(high)];
  return row => area[row] >= from && (min_area[row] || area[row]) <= to;
}

/**
 * A value that is not known (NaN) fails.
 * @param {number | null} low
 * @param {number | null} high
 * @param {Float32Array | Int16Array} column
 * @returns {Test | null}
 */
function rangeTest(low, high, column) {
  if (low === null && high === null) return null;
  const from = low === null ? -Infinity : low - RENT_SLACK;
  const to = high === null ? Infinity : high + RENT_SLACK;
  return row => column[row] >= from && column[row] <= to;
}

/** A floor that is not known (0) fails.
 * @param {number | null} low @param {number | null} high @param {Int16Array} floors @returns {Test | null}
 */
function floorTest(low, high, floors) {
  const test = rangeTest(low, high, floors);
  return test && (row => floors[row] !== 0 && test(row));
}

/** A vacant unit without a date is free now. What is taken will not be free on a day.
 * @param {string} day @param {import('./types').Units} units @param {Record<string, string[]>} words
 * @returns {Test | null}
 */
function dateTest(day, {available, occupancy}, words) {
  if (!day) return null;
  const [last, vacant, soon] = [dayNumber(day), ...MARKET.map(code => words.occupancy.indexOf(code) + 1)];
  return row =>
    available[row] > 0
      ? available[row] <= last && (occupancy[row] === vacant || occupancy[row] === soon)
      : occupancy[row] === vacant;
}

/** @param {number | null} rent @param {Filters} filters */
const scaled = (rent, filters) => (rent === null ? null : rent * rentFactor(filters.rent_unit));
