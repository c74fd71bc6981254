// @ts-check
/** Shapes drawn on the map as a filter: how they are written, what is inside; pure, the same as `geo/shapes.py`. */

/** @typedef {{kind: 'circle', lon: number, lat: number, metres: number}} Circle degrees, whole metres */
/** @typedef {{kind: 'polygon', corners: [number, number][]}} Polygon longitude and latitude in whole 1e-5 degrees */
/** @typedef {Circle | Polygon} Shape */

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
export const MOST_CORNERS = 100;
export const LEAST_M = 10;
export const MOST_M = 50_000;
/** Parts of a degree that corners lie on. */
export const GRAIN = 100_000;
const ROUND_CORNERS = 64;

/** The shape that an address says, null when it says none. @param {string} text @returns {Shape | null} */
export function readShape(text) {
  const [kind, rest = ''] = text.split(':');
  if (kind === 'circle') return circleOf(rest);
  return kind === 'polygon' ? polygonOf(rest) : null;
}

/** @param {Shape} shape */
export function writeShape(shape) {
  if (shape.kind === 'circle')
    return `circle:${Number(shape.lon.toFixed(6))},${Number(shape.lat.toFixed(6))},${shape.metres}`;
  let [lon, lat, text] = [0, 0, ''];
  for (const [x, y] of shape.corners) {
    text += signs(x - lon) + signs(y - lat);
    [lon, lat] = [x, y];
  }
  return `polygon:${text}`;
}

/**
 * Whether a place is inside; whole millionths of a degree.
 * @param {Shape} shape
 * @returns {(lon: number, lat: number) => boolean}
 */
export function holds(shape) {
  if (shape.kind === 'polygon') return (lon, lat) => crossings(shape.corners, lon / 10, lat / 10) % 2 === 1;
  const [wide, high] = metresPerDegree(shape.lat);
  return (lon, lat) => {
    const [x, y] = [(lon / 1e6 - shape.lon) * wide, (lat / 1e6 - shape.lat) * high];
    return x * x + y * y <= shape.metres ** 2;
  };
}

/** West, south, east and north in degrees. @param {Shape} shape @returns {import('./types').Box} */
export function boundsOf(shape) {
  if (shape.kind === 'circle') {
    const [wide, high] = metresPerDegree(shape.lat).map(metres => shape.metres / metres);
    return [shape.lon - wide, shape.lat - high, shape.lon + wide, shape.lat + high];
  }
  const [lons, lats] = [0, 1].map(axis => shape.corners.map(corner => corner[axis] / GRAIN));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The closed outline in degrees, for drawing. @param {Shape} shape @returns {[number, number][]} */
export function ringOf(shape) {
  if (shape.kind === 'polygon')
    return [...shape.corners, shape.corners[0]].map(([lon, lat]) => [lon / GRAIN, lat / GRAIN]);
  return Array.from({length: ROUND_CORNERS + 1}, (_, i) => onCircle(shape, (2 * Math.PI * i) / ROUND_CORNERS));
}

/** The place on a circle at an angle from the east. @param {Circle} circle @param {number} angle @returns {[number, number]} */
export function onCircle({lon, lat, metres}, angle) {
  const [wide, high] = metresPerDegree(lat);
  return [lon + (metres * Math.cos(angle)) / wide, lat + (metres * Math.sin(angle)) / high];
}

/** Whole metres between two places that are near each other. @param {[number, number]} a @param {[number, number]} b */
export function metresBetween(a, b) {
  const [wide, high] = metresPerDegree(a[1]);
  return Math.round(Math.hypot((b[0] - a[0]) * wide, (b[1] - a[1]) * high));
}

/** Metres in a degree of longitude and of latitude on the ellipsoid. @param {number} lat @returns {[number, number]} */
function metresPerDegree(lat) {
  const at = (lat * Math.PI) / 180;
  return [
    111412.84 * Math.cos(at) - 93.5 * Math.cos(3 * at) + 0.118 * Math.cos(5 * at),
    111132.92 - 559.82 * Math.cos(2 * at) + 1.175 * Math.cos(4 * at) - 0.0023 * Math.cos(6 * at),
  ];
}

/** @param {string} text @returns {Circle | null} */
function circleOf(text) {
  const parts = text.split(',');
  const [lon, lat, metres] = parts.map(part => (part.trim() === '' ? NaN : Number(part)));
  const good = parts.length === 3 && onMap(lon, lat) && /^\d+$/.test(parts[2]) && metres >= LEAST_M && metres <= MOST_M;
  return good ? {kind: 'circle', lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), metres} : null;
}

/** @param {string} text @returns {Polygon | null} */
function polygonOf(text) {
  const numbers = numbersOf(text);
  if (!numbers || numbers.length % 2 || numbers.length < 6 || numbers.length > 2 * MOST_CORNERS) return null;
  /** @type {[number, number][]} */
  const corners = [];
  let [lon, lat] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    [lon, lat] = [lon + numbers[at], lat + numbers[at + 1]];
    corners.push([lon, lat]);
  }
  const good = corners.every(([x, y]) => onMap(x / GRAIN, y / GRAIN)) && new Set(corners.map(String)).size > 2;
  return good ? {kind: 'polygon', corners} : null;
}

/** @param {number} lon @param {number} lat */
const onMap = (lon, lat) => Math.abs(lon) <= 180 && Math.abs(lat) <= 85;

/** Five bits to a sign, the least first; null where a sign is unknown or a number does not end. @param {string} text */
function numbersOf(text) {
  const found = [];
  let [value, shift] = [0, 0];
  for (const sign of text) {
    const bits = SIGNS.indexOf(sign);
    if (bits < 0 || shift > 25) return null;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits < 32) {
      found.push(value & 1 ? ~(value >>> 1) : value >>> 1);
      [value, shift] = [0, 0];
    }
  }
  return shift ? null : found;
}

/** @param {number} number */
function signs(number) {
  let [value, text] = [number < 0 ? ~(number << 1) : number << 1, ''];
  for (; value >= 32; value >>>= 5) text += SIGNS[(value & 31) | 32];
  return text + SIGNS[value];
}

/** How often a line to the east crosses the outline. @param {[number, number][]} corners @param {number} x @param {number} y */
function crossings(corners, x, y) {
  let count = 0;
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) count++;
  });
  return count;
}
