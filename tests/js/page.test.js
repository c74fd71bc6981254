import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

import {onScreen} from '../../static/src/map/attribution.js';
import {parseState} from '../../static/src/map/data/columns.js';
import {createTexts} from '../../static/src/map/i18n.js';
import {judge} from '../../static/src/map/filters.js';
import {sumUp} from '../../static/src/map/found.js';
import {divides, order, summarise} from '../../static/src/map/results-model.js';
import {floorColour, sliceFeatures, STATUS} from '../../static/src/map/slices.js';
import {translated} from '../../static/src/map/style/hant.js';
import {defaults, SORTS} from '../../static/src/map/state.js';
import {writeState} from './invented-state.js';

const FOLDER = new URL('../../static/src/map/', import.meta.url);
const strings = name => JSON.parse(readFileSync(new URL(`strings.${name}.json`, FOLDER), 'utf8'));
const texts = locale =>
  createTexts({locale, text: strings(locale === 'en' ? 'en' : 'zh'), words: {}, fold: '雲云廈厦'});

test('every text is there in both languages with the same gaps', () => {
  const [zh, en] = [strings('zh'), strings('en')];
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const key of Object.keys(zh)) {
    const gaps = text => (text.match(/\{\w+\}/g) ?? []).sort().join();
    assert.equal(gaps(zh[key]), gaps(en[key]), key);
  }
});

test('every text that a module or the template asks for exists', () => {
  const template = readFileSync(new URL('../../../templates/map/map.html', FOLDER), 'utf8');
  const scripts = readdirSync(FOLDER)
    .filter(name => name.endsWith('.js'))
    .map(name => readFileSync(new URL(name, FOLDER), 'utf8'));
  const asked = [
    ...template.matchAll(/\btext\.(\w+)/g),
    ...scripts.flatMap(code => [...code.matchAll(/\bt\('(\w+)'/g)]),
  ];
  const known = strings('zh');
  assert.ok(asked.length > 60);
  assert.deepEqual(
    asked.map(([, key]) => key).filter(key => !(key in known)),
    [],
  );
  for (const sort of SORTS) assert.ok(`sort_${sort}` in known, sort);
});

test('large areas are written in 万 where Chinese is read, rents in the unit asked for', () => {
  assert.equal(texts('zh-Hans').area(32_400), '3.2 万 m²');
  assert.equal(texts('zh-Hans').area(1200), '1,200 m²');
  assert.equal(texts('en').area(32_400), '32,400 m²');
  assert.equal(texts('zh-Hans').rents(4.5, 6, 'cny_m2_day'), '4.5–6 元/m²·天');
  assert.equal(texts('en').rents(4.5, 4.5, 'cny_m2_month'), 'CNY 137/m²/month');
});

test('names fall back to the other language and turn into traditional characters', () => {
  assert.equal(texts('en').name('云帆大厦', null), '云帆大厦');
  assert.equal(texts('en').name('云帆大厦', 'Sail Tower'), 'Sail Tower');
  assert.equal(texts('zh-Hant').name('云帆大厦', 'Sail Tower'), '雲帆大廈');
});

test('a floor is coloured by what is free on it', () => {
  const floor = (...units) => ({units: units.map(([occupancy, area_m2]) => ({occupancy, area_m2}))});
  assert.equal(floorColour(floor(['vacant', 600], ['in_use', 400])), STATUS.vacant);
  assert.notEqual(floorColour(floor(['vacant', 100], ['in_use', 900])), STATUS.in_use);
  assert.equal(floorColour(floor(['soon', 100], ['in_use', 900])), STATUS.soon);
  assert.equal(floorColour(floor(['in_use', 900])), STATUS.in_use);
});

test('slices stand above ground only, with a joint between floors', () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const floors = [-1, 1, 2].map(position => ({
    position,
    label: '',
    base_m: (position - 1) * 4,
    top_m: position * 4,
    outline: null,
    units: [],
  }));
  const {slabs, cores} = sliceFeatures({outline: {type: 'MultiPolygon', coordinates: [[ring]]}, floors});
  assert.deepEqual(
    slabs.map(({id}) => id),
    [1, 2],
  );
  assert.equal(cores.length, 2);
  assert.ok(slabs[0].properties.top < slabs[1].properties.base);
});

test('only the sources of what is switched on and in view are named', () => {
  const view = [10, 10, 11, 11];
  const sources = [
    {text: 'always'},
    {text: 'houses', layers: ['buildings'], bounds: [10.5, 10.5, 12, 12]},
    {text: 'elsewhere', layers: ['buildings'], bounds: [50, 50, 51, 51]},
    {text: 'cafés', layers: ['amenities'], bounds: null},
  ];
  assert.deepEqual(
    onScreen(sources, [], view).map(({text}) => text),
    ['always', 'houses'],
  );
  assert.deepEqual(
    onScreen(sources, ['food'], view).map(({text}) => text),
    ['always', 'houses', 'cafés'],
  );
});

test('results are ordered as asked, buildings without a rent last', () => {
  const table = parseState(
    writeState(
      [
        {id: 1, name: '乙'},
        {id: 2, name: '甲', floors: 60},
        {id: 3, name: '丙'},
      ],
      [
        {b: 0, area: 100, rent: 5},
        {b: 0, area: 900},
        {b: 1, area: 2000},
        {b: 2, area: 50, rent: 3, min_area: 20},
      ],
    ),
  );
  const masks = judge(table, defaults({center: [0, 0], zoom: 1, bearing: 0, pitch: 0}));
  const found = sumUp(table, masks);
  const by = sort => order(table, masks, found, sort, 'zh-Hans');
  assert.deepEqual(by('area'), [1, 0, 2]);
  assert.deepEqual(by('rent'), [2, 0, 1]);
  assert.deepEqual(by('rent_desc'), [0, 2, 1]);
  assert.deepEqual(by('floors')[0], 1);
  assert.deepEqual(by('name'), [2, 1, 0]);
  assert.deepEqual(summarise(table, masks, 2), {low: 3, high: 3, smallest: 20, largest: 50, newest: 20_000});
});

test('a file that is no state file is refused by name', () => {
  assert.throws(() => parseState(new ArrayBuffer(16)), /LMC1/);
});

test('a row says when only a part of a unit has the size asked for', () => {
  const table = parseState(writeState([{id: 1}], [{b: 0, area: 1600, min_area: 800}, {b: 0, area: 900}]));
  const ask = area_max => ({...defaults({center: [0, 0], zoom: 1, bearing: 0, pitch: 0}), area_min: 800, area_max});
  const says = area_max => divides(table, judge(table, ask(area_max)), 0, area_max);
  assert.deepEqual([says(1000), says(2000), says(null)], [true, false, false]);
});

test('names of the tiles are looked up in traditional characters wherever a label reads them', () => {
  const names = new Map([['筝桥路', '箏橋路']]);
  const field = ['step', ['zoom'], '', 14, ['coalesce', ['get', 'name'], ['get', 'name_en']]];
  const name = ['match', ['get', 'name'], '筝桥路', '箏橋路', ['get', 'name']];
  assert.deepEqual(translated(field, names), ['step', ['zoom'], '', 14, ['coalesce', name, ['get', 'name_en']]]);
});
