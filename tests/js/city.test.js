import assert from 'node:assert/strict';
import {test} from 'node:test';

import {createExpression} from '@maplibre/maplibre-gl-style-spec';

import {findAnswer} from '../../static/src/map/answer.js';
import {classesOf, classExpression, classify} from '../../static/src/map/colours.js';
import {parseState} from '../../static/src/map/data/columns.js';
import {dayNumber} from '../../static/src/map/filters.js';
import {order} from '../../static/src/map/results-model.js';
import {defaults, read} from '../../static/src/map/state.js';
import {cellSide, densityLayer} from '../../static/src/map/style/market.js';
import {isInside, regionOf, snap, windowQuery} from '../../static/src/map/window-query.js';
import {WORDS, writeState} from './invented-state.js';

const CAMERA = {center: [119.33, 26.05], zoom: 15, bearing: 0, pitch: 0};
const NOTHING = defaults(CAMERA);
const VIEW = [119.3, 26, 119.34, 26.02];
const CITY = [119, 25.9, 119.6, 26.3];
const word = code => ({code, name: code, colour: '#123456'});
const BOOT = {
  words: {
    grade: WORDS.grade.map(word),
    industry: WORDS.industry.map(word),
    star: ['5', '4', '3', '2', '1'].map(word),
  },
};

test('the list looks where the map looks, but for a name or a box everywhere that is meant', () => {
  assert.deepEqual(regionOf(NOTHING, VIEW, CITY), {box: VIEW, follows: true});
  assert.deepEqual(regionOf({...NOTHING, q: '云帆'}, VIEW, CITY), {box: CITY, follows: false});
  const bbox = [119.1, 26, 119.2, 26.1];
  assert.deepEqual(regionOf({...NOTHING, q: '云帆', bbox}, VIEW, CITY), {box: bbox, follows: false});
});

test('small moves of the map ask for the same window', () => {
  const moved = VIEW.map(side => side - 0.0003);
  assert.deepEqual(snap(moved), snap(VIEW));
  assert.ok(isInside(VIEW, snap(VIEW)));
  assert.ok(isInside(snap(VIEW), VIEW.map((side, i) => side + (i < 2 ? -0.03 : 0.03))));
});

test('a window is asked for with the filters in the order of the server and nothing that goes without saying', () => {
  const state = read('?near_m=300&grade=super_a,a&area_min=200&q=%E9%87%91&sort=rent&by=age&only=week&b=x&at=26,119,15', CAMERA);
  assert.equal(
    windowQuery(state, VIEW),
    'bbox=119.3,26,119.34,26.02&filter_bbox=119.3,26,119.34,26.02&q=%E9%87%91&area_min=200&grade=super_a,a&near_m=300' +
      '&by=age&only=week&sort=rent',
  );
  assert.equal(windowQuery(NOTHING, VIEW), 'bbox=119.3,26,119.34,26.02&filter_bbox=119.3,26,119.34,26.02');
});

test('filtered tiles are coloured like the buildings of the state file', () => {
  const rows = [
    {id: 1, units: 2, leasable: 1000, vacant: 0, grade: 1, star: 5, leading: 2, reported: 20_770},
    {id: 2, units: 2, leasable: 1000, vacant: 100, grade: 3, star: 1, leading: 1, reported: 20_740},
    {id: 3, units: 2, leasable: 1000, vacant: 501, reported: 20_000},
    {id: 4, units: 0},
  ];
  const tiles = [
    {s: 0, grade: 'super_a', star: 5, lead: 'it', d: 20_770},
    {s: 10, grade: 'b', star: 1, lead: 'finance', d: 20_740},
    {s: 50.1, d: 20_000},
    {},
  ];
  const table = parseState(writeState(rows, []));
  for (const by of ['vacancy', 'grade', 'star', 'industry', 'age']) {
    const {result, value} = createExpression(classExpression(by, BOOT, dayNumber('2026-11-21')), {
      type: 'number',
      'property-type': 'data-driven',
      expression: {interpolated: false, parameters: ['feature']},
    });
    assert.equal(result, 'success', by);
    const found = tiles.map(properties => value.evaluate({zoom: 15}, {type: 3, properties}));
    assert.deepEqual(found, [...classify(table, by, BOOT).of], by);
    assert.ok(Math.max(...found) < classesOf(by, BOOT).classes.length);
  }
});

test('dots grow with what their cell holds, within their cell', () => {
  const radius = densityLayer().paint['circle-radius'];
  const {value} = createExpression(radius, {
    type: 'number',
    'property-type': 'data-driven',
    expression: {interpolated: true, parameters: ['zoom', 'feature']},
  });
  const at = (zoom, a) => value.evaluate({zoom}, {type: 1, properties: {a}});
  assert.ok(at(12, 100) < at(12, 5000));
  assert.ok(at(12, 5000) < at(12, 20_000));
  assert.equal(at(11, 1e7), at(12, 1e7));
  assert.ok(at(12, 1e9) <= 5);
  assert.equal(cellSide({lat: 0, zoom: 12.7}), 150);
});

test('a window that holds only the first of what matches shows the sums and counts that came with it', () => {
  const table = parseState(writeState([{id: 1, grade: 1}, {id: 2, grade: 2}], [{b: 0, area: 100}, {b: 1, area: 50}]));
  table.told = {
    complete: false,
    bbox: CITY,
    totals: {box: {buildings: 900, units: 5000, area_m2: 70_000}, city: {buildings: 0, units: 0, area_m2: 0}},
    facets: {grade: {a: 12}, near: {metro: 7}},
    spreads: {area: {edges: [1], counts: [2, 3]}, rent: {edges: [1], counts: [0, 1]}},
    classes: {by: 'grade', counts: {super_a: 4}},
    relaxations: [],
  };
  const answer = findAnswer(table, {...NOTHING, by: 'grade'}, BOOT, VIEW);
  assert.equal(answer.found.totalUnits, 5000);
  assert.equal(answer.found.buildings, 900);
  assert.deepEqual(Object.fromEntries(answer.counts.values('grade')), {a: 12});
  assert.deepEqual(Object.fromEntries(answer.counts.near(500)), {metro: 7});
  assert.deepEqual(answer.counts.spread('area', [1]), [2, 3]);
  assert.deepEqual(answer.counts.classes(), [4, 0, 0, 0]);
  assert.equal(findAnswer(table, {...NOTHING, by: 'star'}, BOOT, VIEW).counts.classes(), null);
});

test('a complete window counts what is in view', () => {
  const table = parseState(
    writeState([{id: 1, lon: 119_310_000, lat: 26_010_000}, {id: 2, lon: 119_400_000, lat: 26_010_000}], [{b: 0}, {b: 1}]),
  );
  assert.deepEqual([...findAnswer(table, NOTHING, BOOT, VIEW).found.rows], [0]);
  assert.deepEqual([...findAnswer(table, NOTHING, BOOT).found.rows], [0, 1]);
});

test('the first rows in order are those of the whole order', () => {
  const buildings = Array.from({length: 300}, (_, i) => ({id: i + 1, name: `楼${(i * 7919) % 300}`, floors: (i * 37) % 50}));
  const units = buildings.map((_, b) => ({b, area: ((b * 101) % 97) * 10, rent: b % 5 ? (b * 31) % 17 : NaN}));
  const answer = findAnswer(parseState(writeState(buildings, units)), NOTHING, BOOT);
  for (const sort of ['area', 'rent', 'rent_desc', 'newest', 'floors', 'name']) {
    const all = order(answer.table, answer.masks, answer.found, sort, 'zh-Hans');
    assert.deepEqual(order(answer.table, answer.masks, answer.found, sort, 'zh-Hans', 30), all.slice(0, 30), sort);
  }
});
