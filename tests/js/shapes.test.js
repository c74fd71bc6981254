import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {boundsOf, holds, metresBetween, onCircle, readShape, ringOf, writeShape} from '../../static/src/map/shapes.js';
import {read, write} from '../../static/src/map/state.js';

const VECTORS = JSON.parse(readFileSync(new URL('../vectors/shapes.json', import.meta.url), 'utf8'));
const CAMERA = {center: [0, 0], zoom: 1, bearing: 0, pitch: 0};

for (const {shape: text, places, inside, bounds} of VECTORS.drawn)
  test(`${text} holds what the server finds in it, and is written as it was`, () => {
    const shape = readShape(text);
    assert.equal(writeShape(shape), text);
    const test = holds(shape);
    assert.deepEqual(
      places.map(([lon, lat]) => Number(test(lon, lat))),
      inside,
    );
    boundsOf(shape).forEach((side, i) => assert.ok(Math.abs(side - bounds[i]) < 1e-7));
  });

test('what is no shape is none', () => {
  for (const text of VECTORS.refused) assert.equal(readShape(text), null, text);
});

test('a shape in the address stays, what cannot be read is dropped', () => {
  const [{shape}] = VECTORS.drawn;
  assert.equal(read(`?shape=${encodeURIComponent(shape)}`, CAMERA).shape, shape);
  assert.equal(write(read(`?shape=${encodeURIComponent(shape)}`, CAMERA), CAMERA), `?shape=${encodeURIComponent(shape).replaceAll('%2C', ',')}`);
  assert.equal(read('?shape=square:1', CAMERA).shape, '');
});

test('the outline of a circle is as far from its centre as it says', () => {
  const circle = {kind: 'circle', lon: 121.47, lat: 31.23, metres: 800};
  for (const angle of [0, 1, 2, 4]) assert.equal(metresBetween([121.47, 31.23], onCircle(circle, angle)), 800);
  assert.equal(ringOf(circle).length, 65);
});
