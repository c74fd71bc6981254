import assert from 'node:assert/strict';
import {test} from 'node:test';

import {defaults, difference, read, withoutFilters, write} from '../../static/src/map/state.js';

const CAMERA = {center: [119.33, 26.05], zoom: 15, bearing: -20, pitch: 52};

test('an empty address means the defaults, and the defaults need no address', () => {
  const state = read('', CAMERA);
  assert.deepEqual(state, defaults(CAMERA));
  assert.equal(write(state, CAMERA), '');
});

test('a link shows what its sender saw: every key survives the round trip', () => {
  const query =
    '?q=%E9%87%91%E8%9E%8D&area_min=200&area_max=1500&rent_min=2.5&rent_max=6&rent_unit=cny_m2_month&grade=super_a,a' +
    '&star=5&theme=finance&industry=finance,it&floor_min=-1&floor_max=20&fitout=full&available_by=2027-03-01' +
    '&occupancy=soon&status=planned&within=x1,x2&bbox=119.3,26,119.4,26.1&near=metro,cafe&near_m=300&cluster=c1' +
    '&sort=rent&by=age&only=week,older&layers=food,areas&b=ab12cd34&floor=12&date=2026-03-31&beside=on&at=26.06,119.34,16.2' +
    '&pitch=60&bearing=45';
  const state = read(query, CAMERA);
  assert.equal(state.q, '金融');
  assert.deepEqual(state.bbox, [119.3, 26, 119.4, 26.1]);
  assert.deepEqual(state.at, {lat: 26.06, lng: 119.34, zoom: 16.2});
  const again = read(write(state, CAMERA), CAMERA);
  assert.deepEqual(again, state);
  for (const pair of query.slice(1).split('&')) {
    const key = pair.split('=')[0];
    assert.ok(new URLSearchParams(write(state, CAMERA)).has(key), `${key} is written`);
  }
});

test('layers that were all switched off stay off in the link', () => {
  const state = {...defaults(CAMERA), layers: []};
  assert.deepEqual(read(write(state, CAMERA), CAMERA).layers, []);
});

test('what cannot be read counts as not said', () => {
  const state = read(
    '?area_min=many&rent_max=-3&at=95,10,12&bbox=5,1,2,3&by=smell&date=2026-13-01&near_m=9&floor=',
    CAMERA,
  );
  assert.deepEqual(state, defaults(CAMERA));
});

test('parameters that are not of the map are left out of links', () => {
  assert.equal(write(read('?utm_source=chat&grade=a&constructor=1', CAMERA), CAMERA), '?grade=a');
});

test('the flat map has no pitch, and its link does not speak of one', () => {
  const state = read('?view=2d&pitch=60', CAMERA);
  assert.equal(state.pitch, 0);
  assert.equal(write(state, CAMERA), '?view=2d');
});

test('a camera that moved less than the address can say is no difference', () => {
  const state = defaults(CAMERA);
  const moved = {...state, at: {...state.at, lng: state.at.lng + 1e-7}};
  assert.equal(difference(state, moved).size, 0);
  assert.deepEqual([...difference(state, {...state, grade: ['a'], floor: 3})].sort(), ['floor', 'grade']);
});

test('clearing the filters keeps the view, the selection and the unit of rent', () => {
  const state = read('?grade=a&only=v10&rent_max=90&rent_unit=cny_m2_month&b=ab12cd34&view=2d', CAMERA);
  assert.equal(write(withoutFilters(state), CAMERA), '?rent_unit=cny_m2_month&b=ab12cd34&view=2d');
});

test('minutes on foot are metres at the pace of station signs', () => {
  const state = read('?near=metro&near_minutes=8', CAMERA);
  assert.equal(state.near_m, 640);
  assert.equal(write(state, CAMERA), '?near=metro&near_m=640');
  assert.equal(read('?near_minutes=soon', CAMERA).near_m, 500);
});
