// @ts-check
/** Draws a building as a thumbnail: its floors as lines in the colours of their states, the ground at the bottom. */

import {h} from './dom.js';
import {STATUS} from './slices.js';

const WIDTH = 24;
const HEIGHT = 48;
const FLOORS_FOR_FULL_HEIGHT = 40;

/** A canvas that draws one building after the other: making a new one costs more than all its drawing. */
export function createMini() {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const canvas = h('canvas.mini', {width: WIDTH * ratio, height: HEIGHT * ratio, 'aria-hidden': true});
  // Drawn by the processor: so small a picture is on screen before it would be on the graphics card.
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', {willReadFrequently: true}));
  brush.scale(ratio, ratio);
  return {
    element: canvas,
    /** @param {import('./types').Table} table @param {number} building */
    draw(table, building) {
      brush.clearRect(0, 0, WIDTH, HEIGHT);
      draw(brush, table, building);
    },
  };
}

/** @param {CanvasRenderingContext2D} brush @param {import('./types').Table} table @param {number} building */
function draw(brush, {units, first, buildings, words}, building) {
  const floors = byFloor(units, first[building], first[building + 1]);
  const top = Math.max(buildings.floors[building], ...floors.keys(), 1);
  const tall = HEIGHT * Math.min(1, 0.35 + (0.65 * top) / FLOORS_FOR_FULL_HEIGHT);
  const storey = tall / top;
  brush.fillStyle = '#e3e7ea';
  brush.fillRect(0, HEIGHT - tall, WIDTH, tall);
  for (const [floor, rows] of floors) {
    if (floor < 1) continue;
    rows.sort((a, b) => units.occupancy[a] - units.occupancy[b]);
    const all = rows.reduce((sum, row) => sum + units.area[row], 0) || 1;
    let x = 0;
    for (const row of rows) {
      const width = (units.area[row] / all) * WIDTH;
      brush.fillStyle = STATUS[words.occupancy[units.occupancy[row] - 1]] ?? STATUS.unknown;
      brush.fillRect(x, HEIGHT - floor * storey, width, Math.max(storey - (storey > 2 ? 0.6 : 0.25), 0.5));
      x += width;
    }
  }
}

/** @param {import('./types').Units} units @param {number} from @param {number} to @returns {Map<number, number[]>} */
function byFloor(units, from, to) {
  /** @type {Map<number, number[]>} */
  const floors = new Map();
  for (let u = from; u < to; u++) {
    const rows = floors.get(units.floor[u]);
    if (rows) rows.push(u);
    else floors.set(units.floor[u], [u]);
  }
  return floors;
}
