import assert from 'node:assert/strict';
import {gzipSync} from 'node:zlib';
import {test} from 'node:test';

import {pageAddresses, sheetAddresses} from '../../static/src/map/data/addresses.js';
import {findAnswer} from '../../static/src/map/answer.js';
import {parseState} from '../../static/src/map/data/columns.js';
import {merged} from '../../static/src/map/data/merge.js';
import {crc32, unpacked} from '../../static/src/map/data/packed.js';
import {nearest} from '../../static/src/map/parts.js';
import {defaults} from '../../static/src/map/state.js';
import {WORDS, writeState} from './invented-state.js';

const NOTHING = defaults({center: [119.33, 26.05], zoom: 15, bearing: 0, pitch: 0});
const word = code => ({code, name: code, colour: '#123456'});
const BOOT = {words: {grade: WORDS.grade.map(word), industry: WORDS.industry.map(word), star: ['5'].map(word)}};
const TOWERS = [
  {id: 1, code: 'aaa', name: '云帆大厦', areas: [0], near_metro: 120, units: 2},
  {id: 2, code: 'bbb', name: '𠮷 Tower', areas: [0, 1], clusters: [0], units: 1},
  {id: 3, code: 'ccc', name: '东城', areas: [1], near_metro: 80, units: 1},
];
const UNITS = [{b: 0, area: 100}, {b: 0, area: 200, occupancy: 3}, {b: 1, area: 300}, {b: 2, area: 400}];

test('parts of a city answer as the whole does', () => {
  const whole = parseState(writeState(TOWERS, UNITS));
  const parts = [
    parseState(writeState(TOWERS.slice(0, 1), UNITS.slice(0, 2))),
    parseState(writeState(TOWERS.slice(1), UNITS.slice(2).map(unit => ({...unit, b: unit.b - 1})))),
  ];
  const table = merged(parts);
  for (const [row, {code, name}] of TOWERS.entries()) {
    assert.equal(table.row(code), row);
    assert.equal(table.buildings.name.at(row), name);
    assert.deepEqual(table.buildings.areas.at(row), whole.buildings.areas.at(row));
  }
  assert.deepEqual(table.first, whole.first);
  assert.deepEqual(table.units.b, whole.units.b);
  assert.deepEqual(table.buildings.near.metro, whole.buildings.near.metro);
  for (const asked of [NOTHING, {...NOTHING, q: '东城'}, {...NOTHING, area_min: 250}, {...NOTHING, within: ['north']}]) {
    const [one, other] = [whole, table].map(each => findAnswer(each, asked, BOOT).found);
    assert.deepEqual(one.rows, other.rows);
    assert.equal(one.totalArea, other.totalArea);
  }
});

test('of many parts in view those round the middle are searched, and the nearest where none is', () => {
  const parts = Array.from({length: 100}, (_, i) => `${13600 + (i % 10)}-${6900 + Math.floor(i / 10)}`);
  const degrees = 360 / 2 ** 14;
  const lat = y => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** 14))) * 180) / Math.PI;
  const box = [13600 * degrees - 180, lat(6910), 13609 * degrees - 180, lat(6901)];
  const chosen = nearest(parts, box);
  assert.equal(chosen.length, 9);
  assert.deepEqual(chosen.slice(0, 3), ['13603-6904', '13603-6905', '13603-6906']);
  assert.equal(nearest(parts, [0, 50, 0.01, 50.01]).length, 1);
  assert.deepEqual(nearest([], box), []);
});

test('files are read whether or not the server has unpacked them', async () => {
  const bytes = new TextEncoder().encode('{"a": 1}');
  for (const sent of [bytes, new Uint8Array(gzipSync(bytes))]) {
    const buffer = sent.buffer.slice(sent.byteOffset, sent.byteOffset + sent.byteLength);
    assert.equal(new TextDecoder().decode(await unpacked(buffer)), '{"a": 1}');
  }
});

test('buildings are spread over files as zlib would have it', () => {
  assert.equal(crc32('0e24jax5'), 0x88a9d61b);
  assert.equal(crc32(''), 0);
});

test('units, and buildings with few of them, are on sheets of a copy', () => {
  const urls = {building: 'b/{code}.html', listed: 'listed/{sheet}.html#{code}'};
  const {building, unit, learn} = sheetAddresses({urls, paged_from: 2, sheets: 16});
  const sheet = (crc32('aaa') % 16).toString(16);
  assert.equal(building('aaa'), `listed/${sheet}.html#aaa`);
  learn(parseState(writeState(TOWERS, UNITS)));
  assert.equal(building('aaa'), 'b/aaa.html');
  assert.equal(unit('x1', 'aaa'), `listed/${sheet}.html#x1`);
  assert.equal(building('bbb'), `listed/${(crc32('bbb') % 16).toString(16)}.html#bbb`);
  assert.equal(pageAddresses({prefix: '/en', urls: {building: '/en/b/{code}'}}).unit('x1', 'aaa'), '/en/u/x1');
});
