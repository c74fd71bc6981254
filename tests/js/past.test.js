import assert from 'node:assert/strict';
import {test} from 'node:test';

import {findAnswer} from '../../static/src/map/answer.js';
import {parseState} from '../../static/src/map/data/columns.js';
import {asItStood, nearest, stops} from '../../static/src/map/past.js';
import {defaults} from '../../static/src/map/state.js';
import {writeState} from './invented-state.js';

test('the slider goes back 24 months by their firsts and ends today', () => {
  const days = stops('2026-11-22');
  assert.equal(days.length, 26);
  assert.deepEqual([days[0], days[1], days.at(-2), days.at(-1)], ['2024-11-01', '2024-12-01', '2026-11-01', '2026-11-22']);
  assert.deepEqual(stops('2026-11-01').slice(-2), ['2026-10-01', '2026-11-01']);
});

test('a day between two stops stands at the nearer one, no day at today', () => {
  const days = stops('2026-11-22');
  assert.equal(days[nearest(days, '2026-03-12')], '2026-03-01');
  assert.equal(days[nearest(days, '1999-01-01')], '2024-11-01');
  assert.equal(nearest(days, ''), days.length - 1);
});

test('a building of the past has the floors of today with the units of then', () => {
  const states = [
    {b: 0, floor: 5, area: 200.7, occupancy: 1, rent: 4.5},
    {b: 0, floor: 5, area: 90, occupancy: 3},
    {b: 1, floor: 5, area: 300, occupancy: 1},
  ];
  const table = parseState(writeState([{code: 'here'}, {code: 'there'}], states));
  const unit = area_m2 => ({code: 'u', label: '501', area_m2, occupancy: 'in_use', rent: null});
  const floor = (section, ...units) => ({position: 5, label: '5', section, units});
  const then = asItStood({code: 'here', floors: [floor('podium', unit(800)), floor('tower', unit(200.7))]}, table);
  const told = then.floors.map(({units}) => units.map(({occupancy, area_m2}) => [occupancy, Math.round(area_m2)]));
  assert.deepEqual(told, [[['in_use', 90]], [['vacant', 201]]]);
  assert.equal(then.floors[1].units[0].rent.cny_m2_day, 4.5);
  assert.deepEqual(asItStood({code: 'unknown', floors: [floor('tower', unit(1))]}, table).floors[0].units, []);
});

test('who looks back counts what was so then, however old its word was', () => {
  const units = [{b: 0, occupancy: 1, stale: 1}, {b: 0, occupancy: 1}];
  const table = parseState(writeState([{code: 'here', units: 2}], units));
  const boot = {words: {}, fold: ''};
  const state = defaults({center: [119.33, 26.05], zoom: 15, bearing: 0, pitch: 0});
  assert.equal(findAnswer(table, state, boot).found.totalUnits, 1);
  assert.equal(findAnswer(table, {...state, date: '2026-03-01'}, boot).found.totalUnits, 2);
});
