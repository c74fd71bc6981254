import assert from 'node:assert/strict';
import {test} from 'node:test';

import {parseState} from '../../static/src/map/data/columns.js';
import {judge} from '../../static/src/map/filters.js';
import {sumUp} from '../../static/src/map/found.js';
import {filterQuery, read, write} from '../../static/src/map/state.js';
import {createWalks, landOf} from '../../static/src/map/walks.js';
import {regionOf} from '../../static/src/map/window-query.js';
import {writeState} from './invented-state.js';

const CAMERA = {center: [0, 0], zoom: 1, bearing: 0, pitch: 0};
const ring = (west, south, east, north) => [[west, south], [east, south], [east, north], [west, north], [west, south]];
/** A square with a hole in its middle, and another square apart. */
const GEOMETRY = {
  type: 'MultiPolygon',
  coordinates: [[ring(119.33, 26.05, 119.34, 26.06), ring(119.334, 26.054, 119.336, 26.056)], [ring(119.35, 26.05, 119.36, 26.06)]],
};
const WALK = {walk_from: 'tower', walk_min: '10'};

test('land holds what lies in one of its parts, and nothing of its holes', () => {
  const {holds, box} = landOf(GEOMETRY);
  const places = [[119_331_000, 26_051_000], [119_335_000, 26_055_000], [119_355_000, 26_055_000], [119_345_000, 26_055_000]];
  assert.deepEqual(places.map(([lon, lat]) => holds(lon, lat)), [true, false, true, false]);
  assert.deepEqual(box, [119.33, 26.05, 119.36, 26.06]);
});

test('only buildings that are reached on foot answer', () => {
  const buildings = [{id: 1, code: 'in', lon: 119_331_000, lat: 26_051_000}, {id: 2, code: 'out', lon: 119_345_000, lat: 26_055_000}];
  const table = parseState(writeState(buildings, [{b: 0}, {b: 1}]));
  const state = read('walk_from=tower', CAMERA);
  assert.deepEqual([...sumUp(table, judge(table, state, {land: landOf(GEOMETRY)})).rows], [0]);
  assert.deepEqual([...sumUp(table, judge(table, state)).rows], [0, 1]);
});

test('a walk stands in the address and in what the server is asked', () => {
  const state = read('walk_from=119.3312345,26.05&walk_min=15', CAMERA);
  assert.equal(state.walk_from, '119.33123,26.05000');
  assert.equal(write(state, CAMERA), '?walk_from=119.33123,26.05000&walk_min=15');
  assert.equal(filterQuery(state), 'walk_from=119.33123,26.05000&walk_min=15');
  assert.equal(read('walk_from=200,26', CAMERA).walk_from, '');
});

test('land is asked for once, and what cannot be had is said once', async () => {
  const asked = [];
  const said = [];
  const walk = async (from, minutes) => {
    asked.push(`${from} ${minutes}`);
    if (from === 'gone') throw new Error('404');
    return GEOMETRY;
  };
  const walks = createWalks({walk}, reason => said.push(reason));
  assert.equal(walks.waits(WALK), true);
  await Promise.all([walks.load(WALK), walks.load(WALK)]);
  await walks.load(WALK);
  assert.equal(walks.waits(WALK), false);
  assert.deepEqual(walks.of(WALK).geometry, GEOMETRY);
  const gone = {walk_from: 'gone', walk_min: '5'};
  await walks.load(gone);
  assert.deepEqual([walks.waits(gone), walks.of(gone)], [false, null]);
  assert.deepEqual(asked, ['tower 10', 'gone 5']);
  assert.equal(said.length, 1);
});

test('in a very large city the list looks through what is reached', () => {
  const view = [119, 26, 120, 27];
  assert.deepEqual(regionOf(read('walk_from=tower', CAMERA), view, null, landOf(GEOMETRY).box), {
    box: [119.33, 26.05, 119.36, 26.06],
    follows: false,
  });
});
