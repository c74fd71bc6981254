// @ts-check
// Draws the district on a canvas: ground, streets, blocks from behind to front, names that do not overlap.
import {north, toX, toY, up} from './camera.js';
import {names} from './names.js';
import {streets} from './streets.js';

/** @typedef {import('./camera.js').Camera} Camera */
/** @typedef {import('./data.js').Block} Block */
/** @typedef {import('./data.js').District} District */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {{shown: Map<Tower, {colour: string, m2: number}>, chosen: Tower | null, over: Tower | null}} Marks `m2` can be taken */

const GROUND = {water: '#c9dcea', green: '#d7e6d0', plaza: '#e6e3da'};
const CITY = '#dde1dc', LEFT_OUT = '#cfd6dc', ACCENT = '#14508f';
const STEPS = [[0, '#dde2e8'], [0.1, '#fbdca6'], [0.25, '#f3ad55'], [0.5, '#d9731f'], [1e9, '#9c3f0a']];
const FLAT_BELOW = 0.022; // pixels in a decimetre: the city around is then drawn without walls
const FLOOR_STATES = ['#d9731f', '#fbdca6', '#8fa9c4', '#d5dbe2', '#ffffff'];

/** @param {number | null} rate */
export const colourOf = rate => (rate === null ? '#c3cbc3' : /** @type {string} */ (STEPS.find(([limit]) => rate <= +limit)?.[1]));

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {District} district
 * @param {Camera} camera
 * @param {Marks} marks
 * @param {number} ratio pixels of the screen in one of the page
 */
export function draw(ctx, district, camera, marks, ratio) {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = '#eef0ec';
  ctx.fillRect(0, 0, camera.width, camera.height);
  surfaces(ctx, district, camera, ratio);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const standing = district.blocks.filter(block => seen(block, camera));
  streets(ctx, district, camera, standing);
  for (const block of standing) drawBlock(ctx, block, camera, marks);
  names(ctx, district, camera, marks);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {District} district
 * @param {Camera} camera
 * @param {number} ratio
 */
function surfaces(ctx, district, camera, ratio) {
  const scale = camera.scale * ratio;
  ctx.setTransform(scale, 0, 0, -scale * north(camera), toX(camera, 0) * ratio, toY(camera, 0) * ratio);
  for (const {kind, rings} of district.ground) {
    ctx.fillStyle = GROUND[/** @type {keyof typeof GROUND} */ (kind)] ?? '#e6e3da';
    ctx.beginPath();
    rings.forEach(ring => trace(ctx, ring, true));
    ctx.fill('evenodd');
  }
  ctx.lineCap = ctx.lineJoin = 'round';
  const thin = 1 / camera.scale;
  for (const [more, colour] of /** @type {[number, string][]} */ ([[1.4 * thin, '#d5d9d4'], [0, '#ffffff']]))
    for (const {width, lines} of district.roads) if (width) stroke(ctx, lines, Math.max(width, thin) + more, colour);
  for (const {width, lines} of district.roads) if (!width) stroke(ctx, lines, 2 * thin, '#a9b1bb', [8 * thin, 6 * thin]);
  for (const {colour, lines} of district.lines) stroke(ctx, lines, 2.5 * thin, safe(colour));
}

/** @param {string} colour of a source: anything that is no colour is the muted one */
const safe = colour => (/^#[0-9a-f]{6}$/i.test(colour) ? colour : '#566273');

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float64Array[]} lines
 * @param {number} width
 * @param {string} colour
 * @param {number[]} dash
 */
function stroke(ctx, lines, width, colour, dash = []) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  lines.forEach(line => trace(ctx, line, false));
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float64Array} at
 * @param {boolean} close
 */
function trace(ctx, at, close) {
  ctx.moveTo(at[0], at[1]);
  for (let i = 2; i < at.length; i += 2) ctx.lineTo(at[i], at[i + 1]);
  if (close) ctx.closePath();
}

/**
 * @param {Block} block
 * @param {Camera} camera
 */
function seen({box, height}, camera) {
  return (
    toX(camera, box[2]) > 0 && toX(camera, box[0]) < camera.width &&
    toY(camera, box[1]) > 0 && toY(camera, box[3], height) < camera.height
  );
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {Marks} marks
 */
function drawBlock(ctx, block, camera, marks) {
  const {tower} = block;
  const colour = tower ? (marks.shown.get(tower)?.colour ?? LEFT_OUT) : CITY;
  const flat = !camera.slanted || (!tower && camera.scale < FLAT_BELOW);
  const marked = tower !== null && (tower === marks.chosen || tower === marks.over);
  if (!flat && tower && tower === marks.chosen) slices(ctx, block, tower, camera);
  else if (!flat) walls(ctx, block, camera, 0, block.height, colour);
  roof(ctx, block, camera, flat ? 0 : block.height);
  ctx.fillStyle = colour;
  ctx.fill('evenodd');
  ctx.lineWidth = marked ? 2.5 : 0.75;
  ctx.strokeStyle = marked ? ACCENT : tower ? 'rgb(23 32 43 / 35%)' : 'rgb(23 32 43 / 12%)';
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {number} height
 */
function roof(ctx, {rings}, camera, height) {
  ctx.beginPath();
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const x = toX(camera, ring[i]), y = toY(camera, ring[i + 1], height);
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    }
    ctx.closePath();
  }
}

/**
 * The walls that face the reader, darker the more they turn from the light in the west.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Block} block
 * @param {Camera} camera
 * @param {number} from
 * @param {number} to
 * @param {string} colour
 */
function walls(ctx, {rings}, camera, from, to, colour) {
  if ((to - from) * up(camera) * camera.scale < 0.7) return;
  for (const ring of rings) {
    const n = ring.length;
    for (let i = 0; i < n; i += 2) {
      const ax = ring[i], ay = ring[i + 1], bx = ring[(i + 2) % n], by = ring[(i + 3) % n];
      const dx = bx - ax, dy = by - ay;
      if (dx <= 0) continue; // outer rings go against the clock: this wall looks north
      ctx.fillStyle = shaded(colour, 0.07 + 0.09 * (1 + dy / Math.hypot(dx, dy)));
      const x1 = toX(camera, ax), x2 = toX(camera, bx);
      ctx.beginPath();
      ctx.moveTo(x1, toY(camera, ay, from));
      ctx.lineTo(x2, toY(camera, by, from));
      ctx.lineTo(x2, toY(camera, by, to));
      ctx.lineTo(x1, toY(camera, ay, to));
      ctx.closePath();
      ctx.fill();
    }
  }
}

/**
 * The chosen tower, floor by floor in the colour of what most of the floor is.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Block} block
 * @param {Tower} tower
 * @param {Camera} camera
 */
function slices(ctx, block, tower, camera) {
  const most = Math.max(tower.floors, 1, ...tower.units.map(unit => unit.position));
  const storey = block.height / most;
  const of = new Map();
  for (const unit of [...tower.units].sort((a, b) => b.status - a.status)) of.set(unit.position, unit.status);
  walls(ctx, block, camera, 0, block.height, '#aab4bf');
  for (let floor = 1; floor <= most; floor++) {
    const state = of.get(floor);
    const colour = state === undefined ? '#e3e6e0' : FLOOR_STATES[state];
    walls(ctx, block, camera, (floor - 1) * storey + storey * 0.12, floor * storey, colour);
  }
}

/** @type {Map<string, string>} */
const shades = new Map();

/**
 * @param {string} colour '#rrggbb'
 * @param {number} dark share of the ink
 */
function shaded(colour, dark) {
  const key = colour + dark.toFixed(2);
  let found = shades.get(key);
  if (!found) {
    const part = (/** @type {number} */ at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * (1 - dark) + 32 * dark);
    found = `rgb(${part(1)} ${part(3)} ${part(5)})`;
    shades.set(key, found);
  }
  return found;
}
