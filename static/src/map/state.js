// @ts-check
/** The whole state of the map page, kept in the query string so that a link shows what its sender saw.
 *
 * One row per key below says how a value is read and written and what it is when the address does not say. A value that
 * cannot be read counts as not said; keys that are not in the table are dropped, so that a link carries nothing else.
 */

import {readShape, writeShape} from './shapes.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Filters} Filters */
/** @typedef {import('./types').Camera} Camera */
/** @typedef {{read: (text: string) => any, write: (value: any) => string, start: any}} Row */

export const COLOURINGS = ['vacancy', 'grade', 'star', 'industry', 'age'];
export const SORTS = ['area', 'rent', 'rent_desc', 'newest', 'floors', 'name'];
const MAX_LIST = 50;
const MAX_TEXT = 100;

/** @param {number} low @param {number} high @param {number} digits @param {number | null} start @returns {Row} */
const number = (low, high, digits, start = null) => ({
  read: text =>
    text.trim() !== '' && Number(text) >= low && Number(text) <= high
      ? Number(Number(text).toFixed(digits))
      : undefined,
  write: value => (value === null ? '' : String(Number(value.toFixed(digits)))),
  start,
});
/** @param {string[]} start @returns {Row} */
const list = (start = []) => ({
  read: text =>
    text === '-'
      ? []
      : [
          ...new Set(
            text
              .split(',')
              .map(word => word.trim())
              .filter(Boolean),
          ),
        ].slice(0, MAX_LIST),
  write: value => value.join(',') || '-',
  start,
});
/** @param {string[]} allowed @returns {Row} */
const choice = allowed => ({
  read: text => (allowed.includes(text) ? text : undefined),
  write: String,
  start: allowed[0],
});
/** @param {RegExp} pattern @returns {Row} */
const text = pattern => ({read: value => (pattern.test(value) ? value : undefined), write: String, start: ''});

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** A day, or an instant with its zone. */
const KNOWN = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d))?$/;
const amount = () => number(0, 9_999_999, 2);
const storey = () => number(-20, 300, 0);

/** @type {Row} */
const place = {
  read(value) {
    const [lat, lng, zoom, ...rest] = value.split(',').map(part => (part.trim() === '' ? NaN : Number(part)));
    const known = rest.length === 0 && Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 24;
    return known ? {lat, lng, zoom} : undefined;
  },
  write: ({lat, lng, zoom}) => [lat.toFixed(5), lng.toFixed(5), Number(zoom.toFixed(2))].join(','),
  start: {lat: 0, lng: 0, zoom: 0},
};
/** @type {Row} */
const box = {
  read(value) {
    const [west, south, east, north, ...rest] = value.split(',').map(Number);
    const known =
      rest.length === 0 && west >= -180 && west < east && east <= 180 && south >= -85 && south < north && north <= 85;
    return known ? [west, south, east, north] : undefined;
  },
  write: value => (value ? value.map((/** @type {number} */ side) => Number(side.toFixed(5))).join(',') : ''),
  start: null,
};

const CODE = /^[\w-]{1,40}$/;
const PLACE = /^(-?\d{1,3}(?:\.\d{1,16})?),(-?\d{1,2}(?:\.\d{1,16})?)$/;

/** Where one walks from, the code of a building or a place, as it is written best. @param {string} text */
function origin(text) {
  const [, lon, lat] = PLACE.exec(text) ?? [];
  if (lon === undefined) return CODE.test(text) ? text : undefined;
  return Math.abs(Number(lon)) <= 180 && Math.abs(Number(lat)) <= 85 ? writePlace(Number(lon), Number(lat)) : undefined;
}

/** A place to walk from, as an address says it. @param {number} lon @param {number} lat */
export const writePlace = (lon, lat) => `${lon.toFixed(5)},${lat.toFixed(5)}`;

/** A shape as it is written best; nothing where there is none. @param {string} text */
function valid(text) {
  const shape = readShape(text);
  return shape ? writeShape(shape) : undefined;
}

/** @type {Record<keyof Filters, Row>} */
const FILTERS = {
  q: {read: value => value.slice(0, MAX_TEXT), write: String, start: ''},
  area_min: amount(),
  area_max: amount(),
  rent_min: amount(),
  rent_max: amount(),
  rent_unit: choice(['cny_m2_day', 'cny_m2_month']),
  grade: list(),
  star: list(),
  theme: list(),
  industry: list(),
  floor_min: storey(),
  floor_max: storey(),
  fitout: list(),
  available_by: text(DAY),
  occupancy: list(),
  status: list(),
  within: list(),
  bbox: box,
  shape: {read: value => valid(value), write: String, start: ''},
  near: list(),
  near_m: number(50, 3000, 0, 500),
  walk_from: {read: value => origin(value), write: String, start: ''},
  walk_min: choice(['10', '5', '15']),
  cluster: list(),
  stale: text(/^1$/),
};

/** @type {Record<keyof State, Row>} */
const KEYS = {
  ...FILTERS,
  sort: choice(SORTS),
  by: choice(COLOURINGS),
  only: list(),
  layers: list(['transit']),
  b: text(/^[\w-]{1,40}$/),
  floor: storey(),
  date: text(DAY),
  known_at: text(KNOWN),
  beside: choice(['off', 'on']),
  view: choice(['3d', '2d']),
  at: place,
  pitch: number(0, 85, 0, 0),
  bearing: number(-180, 180, 0, 0),
  moving: choice(['off', 'on']),
  s: text(/^[256789bcdfghjkmnpqrstvwxz]{9,12}$/),
};

/** A camera that no map has. @type {Camera} */
const NOWHERE = {center: [NaN, NaN], zoom: NaN, pitch: NaN, bearing: NaN};

export const FILTER_KEYS = /** @type {(keyof Filters)[]} */ (Object.keys(FILTERS));

/** Metres walked in a minute, as `WALKING_M_MIN` in `geo/quantities.py`; addresses may say either. */
export const WALK_M_MIN = 80;
const WALK_MINUTES = number(1, 37, 0);

/** What an empty address means, the camera being at `camera`. @param {Camera} camera @returns {State} */
export function defaults(camera) {
  const [lng, lat] = camera.center;
  const start = Object.fromEntries(Object.entries(KEYS).map(([key, row]) => [key, row.start]));
  return /** @type {any} */ ({
    ...start,
    at: {lat, lng, zoom: camera.zoom},
    pitch: camera.pitch,
    bearing: camera.bearing,
  });
}

/** The state that an address says. @param {string} query @param {Camera} camera @returns {State} */
export function read(query, camera) {
  const state = /** @type {Record<string, any>} */ (defaults(camera));
  for (const [key, value] of new URLSearchParams(query)) {
    const row = Object.hasOwn(KEYS, key) ? KEYS[/** @type {keyof State} */ (key)] : undefined;
    const found = value === '' ? undefined : row?.read(value);
    if (found !== undefined) state[key] = found;
    const minutes = key === 'near_minutes' ? WALK_MINUTES.read(value) : undefined;
    if (minutes !== undefined) state.near_m = minutes * WALK_M_MIN;
  }
  if (state.view === '2d') state.pitch = 0;
  return /** @type {State} */ (state);
}

/** Whether an address can say this. @param {string} key @param {string} value */
export const isSaid = (key, value) =>
  Object.hasOwn(KEYS, key) && value !== '' && KEYS[/** @type {keyof State} */ (key)].read(value) !== undefined;

/** The query string of a state ('' or '?…'), defaults left out. @param {State} state @param {Camera} camera */
export function write(state, camera) {
  const start = defaults(camera);
  const pairs = Object.entries(KEYS)
    .filter(([key]) => !(key === 'pitch' && state.view === '2d'))
    .map(([key, row]) => [
      key,
      row.write(state[/** @type {keyof State} */ (key)]),
      row.write(start[/** @type {keyof State} */ (key)]),
    ])
    .filter(([, value, usual]) => value !== usual)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`);
  return pairs.length ? `?${pairs.join('&')}` : '';
}

/**
 * The query string of a state as a link keeps it: where one looks from is said also where it is usual, so that it stays
 * the same when the city grows, and which link led here is not.
 * @param {State} state
 */
export const writeWhole = state => write({...state, s: ''}, NOWHERE);

/**
 * The filters alone as a query string for the server, without the box: fields in its order, defaults left out.
 * @param {State} state
 */
export const filterQuery = state =>
  Object.entries(FILTERS)
    .filter(([key]) => key !== 'bbox')
    .map(([key, row]) => [key, row.write(state[/** @type {keyof Filters} */ (key)]), row.write(row.start)])
    .filter(([, value, usual]) => value !== usual)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`)
    .join('&');

/** The keys by which two states differ. @param {State} a @param {State} b @returns {Set<keyof State>} */
export function difference(a, b) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(KEYS));
  return new Set(keys.filter(key => KEYS[key].write(a[key]) !== KEYS[key].write(b[key])));
}

/** The same state without any filter. @param {State} state @returns {State} */
export const withoutFilters = state => ({...state, ...startOf(FILTER_KEYS), rent_unit: state.rent_unit, only: []});

/** What the given keys are when the address does not say. @param {(keyof State)[]} keys @returns {Partial<State>} */
export const startOf = keys => Object.fromEntries(keys.map(key => [key, KEYS[key].start]));
