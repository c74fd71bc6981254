import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {classify} from '../../static/src/map/colours.js';
import {parseState} from '../../static/src/map/data/columns.js';
import {countNear, countValues, spread} from '../../static/src/map/facets.js';
import {dayNumber, judge} from '../../static/src/map/filters.js';
import {relaxations, sumUp} from '../../static/src/map/found.js';
import {defaults, read} from '../../static/src/map/state.js';
import {writeState} from './invented-state.js';

const NOTHING = defaults({center: [0, 0], zoom: 1, bearing: 0, pitch: 0});
const [VACANT, SOON, IN_USE, OWN, UNKNOWN] = [1, 2, 3, 4, 5];

const TABLE = parseState(
  writeState(
    [
      {
        id: 7,
        code: 'tall',
        name: '云帆大厦',
        search: '云帆大厦 yunfandasha yfds',
        grade: 1,
        star: 5,
        industries: 0b001,
        leading: 1,
        areas: [0],
        clusters: [0],
        near_metro: 300,
        near_cafe: 80,
        lon: 119_330_000,
        vacant: 900,
        units: 3,
        reported: 20_775,
      },
      {
        id: 9,
        code: 'low',
        name: '禾木楼',
        search: '禾木楼 hemulou hml',
        grade: 2,
        industries: 0b110,
        leading: 2,
        areas: [0, 1],
        near_metro: 900,
        near_cafe: 450,
        lon: 119_360_000,
        vacant: 5200,
        units: 3,
        reported: 20_500,
      },
      {id: 11, code: 'bare', name: '静园', search: '静园 jingyuan jy', managed: 0},
    ],
    [
      {b: 0, floor: 3, area: 150, rent: 4.5, fitout: 2},
      {b: 0, floor: 12, area: 750, rent: 6, min_area: 250},
      {b: 0, floor: 20, area: 400, occupancy: IN_USE},
      {b: 1, floor: 2, area: 5200},
      {b: 1, floor: 4, area: 300, occupancy: SOON, rent: 3, available: dayNumber('2027-02-01')},
      {b: 1, floor: -1, area: 90, occupancy: UNKNOWN},
    ],
  ),
);
const found = (filters, aids) => sumUp(TABLE, judge(TABLE, {...NOTHING, ...filters}, aids));
const areas = (filters, aids) => {
  const masks = judge(TABLE, {...NOTHING, ...filters}, aids);
  return [...TABLE.units.area].filter((_, u) => masks.unit[u] === 0);
};

test('without filters the page counts what is on the market', () => {
  const {rows, totalUnits, totalArea} = found({});
  assert.deepEqual([...rows], [0, 1]);
  assert.equal(totalUnits, 4);
  assert.equal(totalArea, 150 + 750 + 5200 + 300);
});

test('an occupancy that is asked for replaces the market', () => {
  assert.deepEqual(areas({occupancy: ['unknown']}), [90]);
  assert.deepEqual(areas({occupancy: ['in_use', 'own_use']}), [400]);
});

test('a divisible unit offers every area from its smallest part to its whole', () => {
  assert.deepEqual(areas({area_min: 260, area_max: 320}), [750, 300]);
  assert.deepEqual(areas({area_max: 249}), [150]);
  assert.deepEqual(areas({area_min: 751}), [5200]);
});

test('a unit without a known rent fails a filter on rent, in either unit', () => {
  assert.deepEqual(areas({rent_max: 5}), [150, 300]);
  assert.deepEqual(areas({rent_max: 4.5}), [150, 300]);
  assert.deepEqual(areas({rent_min: 137, rent_unit: 'cny_m2_month'}), [750]);
});

test('floors, fit-out and dates speak of the unit', () => {
  assert.deepEqual(areas({floor_min: 4}), [750, 300]);
  assert.deepEqual(areas({fitout: ['full']}), [150]);
  assert.deepEqual(areas({available_by: '2027-01-31'}), [150, 750, 5200]);
});

test('grade, star, industry, place and amenities speak of the building', () => {
  assert.deepEqual([...found({grade: ['a', 'b']}).rows], [1]);
  assert.deepEqual([...found({star: ['5']}).rows], [0]);
  assert.deepEqual([...found({industry: ['it']}).rows], [1]);
  assert.deepEqual([...found({within: ['south']}).rows], [1]);
  assert.deepEqual([...found({cluster: ['c1']}).rows], [0]);
  assert.deepEqual([...found({near: ['metro', 'cafe']}).rows], [0]);
  assert.deepEqual([...found({near: ['metro'], near_m: 1000}).rows], [0, 1]);
  assert.deepEqual([...found({bbox: [119.35, 26, 119.4, 26.1]}).rows], [1]);
});

test('names are found by characters, pinyin, initials, full-width and traditional letters', () => {
  for (const q of ['云帆', 'YunFan', 'ｙｆｄｓ', '雲帆大廈', '云 大厦'])
    assert.deepEqual([...found({q}, {fold: '雲云廈厦'}).rows], [0], q);
  assert.deepEqual([...found({q: '云帆 禾木'}).rows], []);
});

test('a name is found in its own row alone, whatever characters stand before it', () => {
  const table = parseState(
    writeState(
      [
        {id: 1, search: '𠮷野家 abc'},
        {id: 2, search: 'def 大厦'},
        {id: 3, search: ''},
        {id: 4, search: 'abcdef'},
      ],
      [{b: 0}, {b: 1}, {b: 2}, {b: 3}],
    ),
  );
  const rowsOf = q => [...sumUp(table, judge(table, {...NOTHING, q})).rows];
  assert.deepEqual(rowsOf('abc'), [0, 3]);
  assert.deepEqual(rowsOf('def'), [1, 3]);
  assert.deepEqual(rowsOf('cdef'), [3]);
  assert.deepEqual(rowsOf('𠮷野 abc'), [0]);
  assert.equal(table.buildings.search.at(1), 'def 大厦');
});

test('a floor that is not known is on no floor, what is taken is free on no day', () => {
  const table = parseState(
    writeState(
      [{id: 1}],
      [
        {b: 0, floor: 0},
        {b: 0, floor: 3},
        {b: 0, floor: 4, occupancy: SOON},
        {b: 0, floor: 5, occupancy: SOON, available: dayNumber('2027-01-01')},
      ],
    ),
  );
  const rowsOf = filters =>
    [...judge(table, {...NOTHING, ...filters}).unit].flatMap((mask, u) => (mask === 0 ? [u] : []));
  assert.deepEqual(rowsOf({floor_min: -2}), [1, 2, 3]);
  assert.deepEqual(rowsOf({available_by: '2027-01-15'}), [0, 1, 3]);
});

test('a word that the data does not have matches nothing', () => {
  assert.deepEqual([...found({grade: ['platinum']}).rows], []);
  assert.deepEqual([...found({near: ['opera']}).rows], []);
});

test('facet counts apply all other filters but not their own', () => {
  const masks = judge(TABLE, {...NOTHING, grade: ['super_a'], area_max: 1000});
  assert.deepEqual(Object.fromEntries(countValues(TABLE, masks, 'grade')), {super_a: 2, a: 1});
  assert.deepEqual(Object.fromEntries(countValues(TABLE, masks, 'occupancy')), {vacant: 2, in_use: 1});
  assert.deepEqual(Object.fromEntries(countNear(TABLE, masks, 500)), {metro: 2, cafe: 2});
  assert.deepEqual(spread(TABLE, masks, 'area', [200, 500, 1000]), [1, 0, 1, 0]);
});

test('an empty result names the filter that keeps most out, and what relaxing it gives', () => {
  const masks = judge(TABLE, {...NOTHING, grade: ['super_a'], area_min: 1000});
  assert.deepEqual(relaxations(TABLE, masks, ['occupancy']), [
    {names: ['area'], gain: 2},
    {names: ['grade'], gain: 1},
  ]);
});

test('when no single filter is to blame the fewest together are named', () => {
  const masks = judge(TABLE, {...NOTHING, grade: ['b'], area_min: 6000, rent_max: 1});
  assert.deepEqual(relaxations(TABLE, masks, ['occupancy']), [{names: ['grade', 'area', 'rent'], gain: 4}]);
});

test('the legend shows only the classes that were pressed', () => {
  const boot = {words: {grade: [], industry: [], star: []}};
  const classes = classify(TABLE, 'vacancy', boot);
  assert.deepEqual(
    [...classes.of].map(one => classes.codes[one]),
    ['v10', 'v100', 'unknown'],
  );
  assert.deepEqual([...found({}, {only: ['v100'], classes}).rows], [1]);
});

test('buildings are coloured by the age of their oldest fact', () => {
  const {of, codes} = classify(TABLE, 'age', {words: {}});
  assert.deepEqual(
    [...of].map(one => codes[one]),
    ['week', 'older', 'unknown'],
  );
});

test('where nothing is followed floor by floor the buildings themselves are searched', () => {
  const table = parseState(
    writeState(
      [
        {id: 1, code: 'a', grade: 1},
        {id: 2, code: 'b', grade: 2},
      ],
      [],
    ),
  );
  const masks = judge(table, {...NOTHING, grade: ['a']});
  assert.deepEqual([...sumUp(table, masks).rows], [1]);
  assert.deepEqual(Object.fromEntries(countValues(table, masks, 'grade')), {super_a: 1, a: 1});
});

const STALE_VECTORS = JSON.parse(readFileSync(new URL('../vectors/stale.json', import.meta.url), 'utf8'));
const WORDS_OF_UNITS = ['vacant', 'soon', 'in_use', 'own_use', 'unknown'];

for (const {query, units, left_out} of STALE_VECTORS.cases)
  test(`what nobody has confirmed for long is left out as on the server: ${query}`, () => {
    const rows = STALE_VECTORS.units.map(unit => ({...unit, occupancy: WORDS_OF_UNITS.indexOf(unit.occupancy) + 1}));
    const table = parseState(writeState([{id: 1, code: 'one'}], rows));
    const found = sumUp(table, judge(table, read(query, {center: [0, 0], zoom: 1, bearing: 0, pitch: 0})));
    assert.deepEqual([found.totalUnits, found.stale], [units, left_out]);
  });

test('when only old words would fit, showing them is what helps', () => {
  const table = parseState(writeState([{id: 1, code: 'one'}], [{area: 500, stale: 1}, {area: 50}]));
  const masks = judge(table, {...NOTHING, area_min: 400});
  assert.deepEqual(relaxations(table, masks, ['occupancy']), [
    {names: ['stale'], gain: 1},
    {names: ['area'], gain: 1},
  ]);
});
