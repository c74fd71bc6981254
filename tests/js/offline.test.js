import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ground, show, toX, toY, zoom} from '../../static/src/offline/camera.js';
import {points, unpack} from '../../static/src/offline/data.js';
import {ANYTHING, find} from '../../static/src/offline/finding.js';

const SQUARE = [[100, 100, 50, 0, 0, 50, -50, 0]];
const unit = (label, status, area, rent, stale = 0, least = null) =>
  [label, status, area, '9', 9, rent, 'cny_m2_day', rent, '', '', '2026-11-01', '', stale, least];
const tower = (code, name, search, grade, areas, units) =>
  [code, name, search, '', grade, '', 20, 80, 2020, 1000, null, 0.2, areas, SQUARE, units, []];
const {towers, blocks} = unpack({
  size: [1000, 800], ground: [], roads: [], lines: [], stops: [], areas: [['a1', '江湾']],
  around: [[12, [10, 500, 5, 0, 0, 5]]],
  towers: [
    tower('t1', '云澜大厦', '云澜大厦 yunlandasha yldx', '甲级', [0], [unit('901', 0, 300, 5), unit('902', 2, 900, null)]),
    tower('t2', '澄湖中心', '澄湖中心 chenghuzhongxin', '乙级', [], [unit('101', 0, 2000, 3, 0, 200), unit('102', 1, 80, null, 1)]),
  ],
});
const codes = more => find(towers, {...ANYTHING, ...more}).map(each => each.tower.code);

test('steps become places, and what stands behind is drawn first', () => {
  assert.deepEqual([...points([1, 2, 3, -1])], [1, 2, 4, 1]);
  assert.deepEqual(towers[0].block.box, [100, 100, 150, 150]);
  assert.equal(blocks[0].tower, null);
});

test('a reader finds by name, pinyin, grade and area of town', () => {
  assert.deepEqual(codes({q: '云澜'}), ['t1']);
  assert.deepEqual(codes({q: 'ChengHu'}), ['t2']);
  assert.deepEqual(codes({grade: '甲级'}), ['t1']);
  assert.deepEqual(codes({within: 0}), ['t1']);
  assert.deepEqual(codes({q: 'nothing like it'}), []);
});

test('area and rent leave the units that suit, a divisible one from its least area on', () => {
  assert.deepEqual(codes({areaMin: 250}), ['t2', 't1']);
  assert.deepEqual(codes({areaMax: 250}), ['t2']);
  assert.deepEqual(codes({rentMax: 3}), ['t2']);
  assert.deepEqual(codes({rentMax: 2}), []);
});

test('units not confirmed for long count when they are asked for', () => {
  assert.equal(find(towers, ANYTHING)[0].units.length, 1);
  assert.equal(find(towers, {...ANYTHING, stale: true})[0].units.length, 2);
});

test('what lies under a pixel comes back to it, also after zooming there', () => {
  const camera = {x: 0, y: 0, scale: 0, slanted: true, width: 800, height: 600};
  show(camera, [0, 0, 1000, 500]);
  const [x, y] = ground(camera, 200, 150);
  zoom(camera, 1.7, 200, 150, 0.001);
  assert.ok(Math.abs(toX(camera, x) - 200) < 1e-6);
  assert.ok(Math.abs(toY(camera, y) - 150) < 1e-6);
});
