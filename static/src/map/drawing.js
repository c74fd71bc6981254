// @ts-check
/** Small drawings beside texts and on the map, taken out of lucide by the build. */

import ICONS from 'icons';

const SVG = 'http://www.w3.org/2000/svg';
const FALLBACK = 'map-pin';

/** The strokes of a drawing as SVG. @param {string} name */
export const strokes = name => ICONS[name] ?? ICONS[FALLBACK];

/** A small drawing beside a text; it says nothing of its own. @param {string} name of lucide @param {number} [size] */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, 'svg');
  const attributes = {
    class: 'icon',
    width: size,
    height: size,
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  svg.innerHTML = strokes(name);
  return svg;
}
