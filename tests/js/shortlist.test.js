import assert from 'node:assert/strict';
import {test} from 'node:test';

import {format, holds, merge, MOST, parse, toggle} from '../../static/src/shortlist/list.js';

test('a list reads back as its address says it', () => {
  const list = {codes: ['a1', 'b2'], notes: {b2: '层高 4 m & 朝南 = 好'}};
  assert.deepEqual(parse(format(list)), list);
  assert.equal(format(list), 'u=a1,b2&n.b2=%E5%B1%82%E9%AB%98%204%20m%20%26%20%E6%9C%9D%E5%8D%97%20%3D%20%E5%A5%BD');
  assert.equal(format({codes: [], notes: {}}), '');
});

test('what cannot be a code is left out, and so is what somebody else has put into the browser', () => {
  assert.deepEqual(parse('u=A1,<b>,a1&u=c3&n.zz=x&n.c3=%20two%0Alines'), {codes: ['a1', 'c3'], notes: {c3: 'two lines'}});
  assert.equal(parse(`u=${Array.from({length: 60}, (_, n) => `c${n}`)}`).codes.length, MOST);
});

test('a button puts a unit on the list and takes it off again', () => {
  const empty = {codes: [], notes: {}};
  const one = toggle(empty, ['a1']);
  assert.deepEqual(one.codes, ['a1']);
  assert.deepEqual(toggle(one, ['a1']).codes, []);
  assert.deepEqual(toggle(one, ['a1', 'b2']).codes, ['a1', 'b2']);
  assert.ok(holds(toggle(one, ['b2']), ['a1', 'b2']));
});

test('a full list takes no more and loses nothing', () => {
  const full = {codes: Array.from({length: MOST}, (_, n) => `c${n}`), notes: {}};
  assert.equal(toggle(full, ['one']), null);
  assert.equal(merge(full, {codes: ['one'], notes: {}}).codes.length, MOST);
});

test('of two lists ours comes first and our notes stand', () => {
  const ours = {codes: ['a', 'b'], notes: {a: 'ours'}};
  const theirs = {codes: ['c', 'a'], notes: {a: 'theirs', c: 'new'}};
  assert.deepEqual(merge(ours, theirs), {codes: ['a', 'b', 'c'], notes: {a: 'ours', c: 'new'}});
});
