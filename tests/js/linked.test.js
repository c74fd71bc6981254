import assert from 'node:assert/strict';
import {test} from 'node:test';

import {moved, zoomed} from '../../static/src/linked/camera.js';

const WHOLE = {x: 0, y: 0, width: 720, height: 560};

test('the place under the pointer stays where it is while one zooms', () => {
  const at = {x: 0.25, y: 0.75};
  const view = zoomed(WHOLE, WHOLE, 2, at, 8);
  assert.deepEqual(view, {x: 90, y: 210, width: 360, height: 280});
  assert.equal(view.x + view.width * at.x, 720 * at.x);
  assert.equal(view.y + view.height * at.y, 560 * at.y);
});

test('one comes no nearer than is allowed and no further than the whole', () => {
  assert.equal(zoomed(WHOLE, WHOLE, 100, {x: 0.5, y: 0.5}, 8).width, 90);
  assert.deepEqual(zoomed({x: 10, y: 10, width: 90, height: 70}, WHOLE, 1e-9, {x: 0, y: 0}, 8), WHOLE);
  for (const odd of [NaN, Infinity, 0, -1]) assert.deepEqual(zoomed(WHOLE, WHOLE, odd, {x: 0, y: 0}, 8), WHOLE);
});

test('nobody is moved beyond the edge', () => {
  const near = {x: 360, y: 0, width: 360, height: 280};
  assert.deepEqual(moved(near, WHOLE, 0.5, -0.5), near);
  assert.deepEqual(moved(near, WHOLE, -0.5, 0.5), {...near, x: 180, y: 140});
});
