import assert from 'node:assert/strict';
import {test} from 'node:test';

import {areaOf, polygonsOf, textOf} from '../../static/src/outline/shape.js';

const RING = [
  [121.4698, 31.2298],
  [121.4702, 31.2298],
  [121.4702, 31.2302],
  [121.4698, 31.2302],
  [121.4698, 31.2298],
];

test('the area beside the map is that of the server to a thousandth', () => {
  assert.ok(Math.abs(areaOf(/** @type {any} */ (RING)) / 1690.6 - 1) < 0.001, String(areaOf(/** @type {any} */ (RING))));
});

test('one polygon goes out as a polygon, several as several', () => {
  assert.deepEqual(JSON.parse(textOf([RING])), {type: 'Polygon', coordinates: [RING]});
  assert.equal(JSON.parse(textOf([RING, RING])).type, 'MultiPolygon');
  assert.deepEqual(polygonsOf({type: 'MultiPolygon', coordinates: [[RING]]}), [RING]);
});

test('an outline with a courtyard is not drawn, so that the courtyard is not lost', () => {
  assert.equal(polygonsOf({type: 'Polygon', coordinates: [RING, RING]}), null);
});
