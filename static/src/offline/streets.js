// @ts-check
// Writes the names of streets along them, on the ground, where no building stands before them.
import {toX, toY, up} from './camera.js';

/** @typedef {import('./camera.js').Camera} Camera */
/** @typedef {import('./data.js').Block} Block */
/** @typedef {import('./data.js').District} District */
/** @typedef {{x: number, y: number, dx: number, dy: number, length: number}} Run from its start, and the way to its end */

const LEGIBLE_SCALE = 0.03, STRAIGHT = 0.12, SIZE_PX = 12; // pixels in a decimetre; radians
const PLACES = [0.5, 0.35, 0.65, 0.2, 0.8]; // along a street, the best first

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {District} district
 * @param {Camera} camera
 * @param {Block[]} standing the buildings that are seen
 */
export function streets(ctx, district, camera, standing) {
  if (camera.scale < LEGIBLE_SCALE) return;
  ctx.font = `${SIZE_PX}px ${getComputedStyle(ctx.canvas).fontFamily}`;
  /** @type {Map<string, Run>} */
  const best = new Map();
  for (const {name, lines} of district.roads)
    if (name) for (const line of lines) longest(line, camera, run => run.length > (best.get(name)?.length ?? 0) && best.set(name, run));
  const taken = standing.map(block => hiding(block, camera));
  for (const [name, run] of best) if (run.length > ctx.measureText(name).width * 1.15) write(ctx, taken, name, run);
}

/**
 * The straight runs of a street, as far as they are seen.
 * @param {Float64Array} line
 * @param {Camera} camera
 * @param {(run: Run) => void} take
 */
function longest(line, camera, take) {
  const at = (/** @type {number} */ i) => [toX(camera, line[i]), toY(camera, line[i + 1])];
  for (let from = 0; from + 3 < line.length; ) {
    const [x, y] = at(from), [nextX, nextY] = at(from + 2);
    const heading = Math.atan2(nextY - y, nextX - x);
    let to = from + 2;
    while (to + 3 < line.length && Math.abs(Math.atan2(at(to + 2)[1] - y, at(to + 2)[0] - x) - heading) < STRAIGHT) to += 2;
    const run = clipped([x, y], at(to), camera);
    if (run) take(run);
    from = to;
  }
}

/**
 * What is seen of a straight line.
 * @param {number[]} a
 * @param {number[]} b
 * @param {Camera} camera
 * @returns {Run | null}
 */
function clipped([ax, ay], [bx, by], {width, height}) {
  let from = 0, to = 1;
  for (const [start, way, most] of [[ax, bx - ax, width], [ay, by - ay, height]]) {
    if (!way && (start < 0 || start > most)) return null;
    const [one, other] = way ? [-start / way, (most - start) / way] : [0, 1];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  if (from >= to) return null;
  const [dx, dy] = [(bx - ax) * (to - from), (by - ay) * (to - from)];
  return {x: ax + (bx - ax) * from, y: ay + (by - ay) * from, dx, dy, length: Math.hypot(dx, dy)};
}

/**
 * What a building hides, rather too much.
 * @param {Block} block
 * @param {Camera} camera
 */
function hiding({box, height}, camera) {
  const tall = up(camera) ? height : 0;
  return [toX(camera, box[0]), toY(camera, box[3], tall), toX(camera, box[2]), toY(camera, box[1])];
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[][]} taken
 * @param {string} name
 * @param {Run} run
 */
function write(ctx, taken, name, {x: startX, y: startY, dx, dy, length}) {
  const wide = ctx.measureText(name).width / 2, angle = Math.atan2(dy, dx);
  const half = [(Math.abs(dx) / length) * wide + SIZE_PX / 2, (Math.abs(dy) / length) * wide + SIZE_PX / 2];
  const box = PLACES.map(share => [startX + dx * share, startY + dy * share])
    .map(([x, y]) => [x - half[0], y - half[1], x + half[0], y + half[1]])
    .find(([west, north, east, south]) => !taken.some(other => west < other[2] && other[0] < east && north < other[3] && other[1] < south));
  if (!box) return;
  taken.push(box);
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(upright);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = '#6d7683';
  ctx.fillText(name, 0, 0);
  ctx.restore();
}
