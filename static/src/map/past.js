// @ts-check
/** Days of the past that the map can go back to, and a building as it stood on one of them: pure. */

import {dayNumber} from './filters.js';
import {keyOf} from './matches.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').FloorDetail} Floor */
/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').UnitDetail} Unit */

/** How far back the slider reaches. */
export const MONTHS_BACK = 24;

/** The firsts of the months up to `today`, oldest first, and today itself. @param {string} today ISO date */
export function stops(today) {
  const [year, month] = today.split('-').map(Number);
  const firsts = Array.from({length: MONTHS_BACK + 1}, (_, i) =>
    new Date(Date.UTC(year, month - 1 - MONTHS_BACK + i, 1)).toISOString().slice(0, 10),
  );
  return [...firsts.filter(day => day < today), today];
}

/**
 * How the server is asked for the day and the instant that a state names; '' for the present.
 * @param {Pick<import('./types').State, 'date' | 'known_at'>} state
 */
export const momentQuery = ({date, known_at}) =>
  [date && `as_of=${date}`, known_at && `known_at=${encodeURIComponent(known_at)}`].filter(Boolean).join('&');

/**
 * Who looks back counts all that was so then: how old a word was that day says nothing now. What is frozen to what was known
 * stays as its sender saw it.
 * @param {import('./types').State} state
 * @returns {import('./types').State}
 */
export const askedThen = state => (state.date && !state.known_at ? {...state, stale: '1'} : state);

/** The number of the stop that lies nearest to a day; the last one for no day. @param {string[]} days @param {string} day */
export function nearest(days, day) {
  if (!day) return days.length - 1;
  const away = days.map(stop => Math.abs(dayNumber(stop) - dayNumber(day)));
  return away.indexOf(Math.min(...away));
}

/**
 * A building of today with the units of another day: what they are called is not known of that day.
 * @param {Detail} detail
 * @param {Table} table the state of that day
 * @returns {Detail}
 */
export function asItStood(detail, table) {
  const b = table.row(detail.code);
  const left = detail.floors.map(floor => new Set(floor.units.map(unit => keyOf(floor.position, Number(unit.area_m2)))));
  const floors = detail.floors.map(floor => ({...floor, units: /** @type {Unit[]} */ ([])}));
  for (let u = b < 0 ? 0 : table.first[b]; u < (b < 0 ? 0 : table.first[b + 1]); u++) {
    const unit = unitOf(table, u);
    const here = floors.map((floor, i) => (floor.position === table.units.floor[u] ? i : -1)).filter(i => i >= 0);
    // Tower and podium may both have a floor of this height: the one with such a unit today is meant.
    const key = keyOf(table.units.floor[u], unit.area_m2);
    const at = here.find(i => left[i].has(key)) ?? here[0];
    if (at !== undefined) floors[at].units.push(unit);
  }
  return {...detail, floors};
}

/** @param {Table} table @param {number} u @returns {Unit} */
function unitOf({units, words}, u) {
  const rent = units.rent[u];
  return {
    code: '',
    label: '',
    area_m2: units.area[u],
    occupancy: words.occupancy[units.occupancy[u] - 1] ?? 'unknown',
    rent: rent > 0 ? {amount: rent, unit: 'cny_m2_day', cny_m2_day: rent} : null,
    fitout: null,
    available_on: null,
    reported_on: null,
    verified_on: null,
    min_area_m2: null,
  };
}
