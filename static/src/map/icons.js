// @ts-check
/**
 * Draws the pictures of the amenity categories: a disc in the category's colour with the strokes of its icon in white.
 */

import {strokes} from './drawing.js';

const SIZE = 52;
const EDGE = 3;
const INSIDE = 0.54;
const PIXEL_RATIO = 2;

/** @param {import('maplibre-gl').Map} map @param {import('./types').AmenityWord[]} categories */
export async function createIcons(map, categories) {
  await Promise.all(
    categories.map(async ({code, icon, colour}) => {
      const image = await draw(strokes(icon), colour);
      if (!map.hasImage(code)) map.addImage(code, image, {pixelRatio: PIXEL_RATIO});
    }),
  );
}

/** @param {string} lines @param {string} colour */
async function draw(lines, colour) {
  const side = SIZE * INSIDE;
  const image = new Image();
  image.src =
    'data:image/svg+xml;charset=utf-8,' +
    encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 24 24" fill="none" ` +
        `stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">${lines}</svg>`,
    );
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', {willReadFrequently: true}));
  disc(brush, SIZE / 2 - 0.5, '#fff');
  disc(brush, SIZE / 2 - EDGE, colour);
  brush.drawImage(image, (SIZE - side) / 2, (SIZE - side) / 2);
  return brush.getImageData(0, 0, SIZE, SIZE);
}

/** @param {CanvasRenderingContext2D} brush @param {number} radius @param {string} colour */
function disc(brush, radius, colour) {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
  brush.fill();
}
