// @ts-check
// Writes names that do not overlap: numbers of a choice first, then what is chosen, the towers, the stations.
import {toX, toY} from './camera.js';
import {area, say} from './words.js';

/** @typedef {import('./camera.js').Camera} Camera */
/** @typedef {import('./data.js').District} District */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./draw.js').Marks} Marks */

const FAR_SCALE = 0.03, SPREAD = 1600; // from farther away, fewer names: pixels apart for each pixel in a decimetre
const INK = '#17202b', MUTED = '#3b4654', PIN_PX = 22, LINE_PX = 15;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {District} district
 * @param {Camera} camera
 * @param {Marks} marks
 */
export function names(ctx, district, camera, marks) {
  const taken = covered(ctx.canvas);
  const font = getComputedStyle(ctx.canvas).fontFamily;
  for (const tower of district.towers) if (tower.pin) pin(ctx, taken, tower, camera, font);
  const first = [marks.chosen, marks.over].filter(tower => tower !== null);
  const rest = [...marks.shown.keys()].filter(tower => !first.includes(tower)).sort((a, b) => Number(!a.pin) - Number(!b.pin));
  for (const tower of [...first, ...rest]) {
    const {box, height} = tower.block;
    const x = toX(camera, (box[0] + box[2]) / 2);
    const y = toY(camera, (box[1] + box[3]) / 2, height) - (tower.pin ? PIN_PX + 14 : 8);
    const size = first.includes(tower) ? 14 : 12.5;
    const m2 = marks.shown.get(tower)?.m2;
    const more = m2 ? `${say('to_let')} ${area(m2)}` : '';
    if (more && write(ctx, taken, tower.name, x, y - LINE_PX, `600 ${size}px ${font}`, INK, camera, LINE_PX))
      letters(ctx, more, x, y, `11.5px ${font}`, MUTED);
    else write(ctx, taken, tower.name, x, y, `600 ${size}px ${font}`, INK, camera);
  }
  for (const stop of district.stops) {
    const x = toX(camera, stop.x), y = toY(camera, stop.y);
    if (!write(ctx, taken, stop.name, x, y + 17, `12px ${font}`, '#0d5a47', camera)) continue;
    ctx.beginPath();
    ctx.arc(x, y, 5, 0, 7);
    ctx.fillStyle = '#fff';
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = '#0d735a';
    ctx.stroke();
  }
}

/**
 * What lies on the map and hides names: its buttons and its key.
 * @param {HTMLCanvasElement} canvas
 */
function covered(canvas) {
  const {left, top} = canvas.getBoundingClientRect();
  return [...(canvas.parentElement?.querySelectorAll('.controls, .key') ?? [])].map(each => {
    const box = each.getBoundingClientRect();
    return [box.left - left, box.top - top, box.right - left, box.bottom - top];
  });
}

/**
 * The numbers of the lines of a choice above their building; other words keep away.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[][]} taken
 * @param {Tower} tower
 * @param {Camera} camera
 * @param {string} font
 */
function pin(ctx, taken, {block, pin: text}, camera, font) {
  const {box, height} = block;
  const x = toX(camera, (box[0] + box[2]) / 2), y = toY(camera, (box[1] + box[3]) / 2, height);
  ctx.font = `600 13px ${font}`;
  const half = Math.max(PIN_PX / 2, ctx.measureText(text).width / 2 + 7);
  taken.push([x - half, y - PIN_PX - 6, x + half, y]);
  ctx.beginPath();
  ctx.roundRect(x - half, y - PIN_PX - 6, 2 * half, PIN_PX, PIN_PX / 2);
  ctx.moveTo(x + 5, y - 7);
  ctx.lineTo(x, y);
  ctx.lineTo(x - 5, y - 7);
  ctx.fillStyle = '#a32a1c';
  ctx.fill();
  ctx.fillStyle = '#fff';
  ctx.textAlign = 'center';
  ctx.fillText(text, x, y - PIN_PX / 2 - 1.5);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[][]} taken
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} colour
 * @param {Camera} camera
 * @param {number} below pixels that are kept free under it
 */
function write(ctx, taken, text, x, y, font, colour, camera, below = 0) {
  ctx.font = font;
  const half = Math.max(ctx.measureText(text).width, below * 5) / 2 + 3;
  const box = [x - half, y - 13, x + half, y + 5 + below];
  if (box[0] < 2 || box[1] < 2 || box[2] > camera.width - 2 || box[3] > camera.height - 2) return false;
  const apart = Math.max(0, FAR_SCALE - camera.scale) * SPREAD;
  if (taken.some(other => box[0] - apart < other[2] && other[0] < box[2] + apart && box[1] - apart < other[3] && other[1] < box[3] + apart)) return false;
  taken.push(box);
  letters(ctx, text, x, y, font, colour);
  return true;
}

/**
 * A word with a light edge.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} colour
 */
function letters(ctx, text, x, y, font, colour) {
  ctx.font = font;
  ctx.textAlign = 'center';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = 'rgb(255 255 255 / 88%)';
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
