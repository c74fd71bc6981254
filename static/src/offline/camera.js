// @ts-check
// From decimetres to pixels and back: north is up, one slant or none.

/** @typedef {import('./data.js').Box} Box */
/** @typedef {{x: number, y: number, scale: number, slanted: boolean, width: number, height: number}} Camera */

/** How much of a way north, and of a height, is seen from a slant. */
const NORTH = 0.72, UP = 0.62;
export const MOST_SCALE = 0.6; // pixels in a decimetre
const MARGIN_PX = 32;

/** @param {Camera} camera */
export const north = camera => (camera.slanted ? NORTH : 1);
/** @param {Camera} camera */
export const up = camera => (camera.slanted ? UP : 0);

/**
 * @param {Camera} camera
 * @param {number} x
 */
export const toX = (camera, x) => (x - camera.x) * camera.scale + camera.width / 2;

/**
 * @param {Camera} camera
 * @param {number} y
 * @param {number} z
 */
export const toY = (camera, y, z = 0) =>
  camera.height / 2 - ((y - camera.y) * north(camera) + z * up(camera)) * camera.scale;

/**
 * @param {Camera} camera
 * @param {number} px
 * @param {number} py
 * @returns {[number, number]} what lies there on the ground
 */
export const ground = (camera, px, py) => [
  camera.x + (px - camera.width / 2) / camera.scale,
  camera.y - (py - camera.height / 2) / camera.scale / north(camera),
];

/**
 * @param {Camera} camera
 * @param {Box} box
 * @param {number} most
 */
export function show(camera, [west, south, east, north_], most = MOST_SCALE) {
  camera.x = (west + east) / 2;
  camera.y = (south + north_) / 2;
  const wide = Math.max(camera.width - 2 * MARGIN_PX, 40) / Math.max(east - west, 1);
  const high = Math.max(camera.height - 2 * MARGIN_PX, 40) / Math.max((north_ - south) * north(camera), 1);
  camera.scale = Math.min(wide, high, most);
}

/**
 * @param {Camera} camera
 * @param {number} factor
 * @param {number} px the place that stays where it is
 * @param {number} py
 * @param {number} least
 */
export function zoom(camera, factor, px, py, least) {
  const [x, y] = ground(camera, px, py);
  camera.scale = Math.min(MOST_SCALE, Math.max(least, camera.scale * factor));
  const [nowX, nowY] = ground(camera, px, py);
  camera.x += x - nowX;
  camera.y += y - nowY;
}
