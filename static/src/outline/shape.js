// @ts-check
/** Outlines as rings of degrees: read from GeoJSON, measured, and written as GeoJSON again. Pure. */

/** @typedef {[number, number]} Place degrees */
/** @typedef {Place[]} Ring closed: the last place is the first */

const METRE_DEGREES = 111_320;
/** Terra Draw takes nine decimals, a tenth of a millimetre. */
const DECIMALS = 1e9;

/** The outer rings of an outline, null where one has a courtyard. @param {any} geometry @returns {Ring[] | null} */
export function polygonsOf(geometry) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  if (polygons.some((/** @type {Ring[]} */ rings) => rings.length > 1)) return null;
  return polygons.map((/** @type {Ring[]} */ [ring]) => ring.map(fine));
}

/** @param {Ring[]} rings */
export const textOf = rings =>
  JSON.stringify(
    rings.length === 1
      ? {type: 'Polygon', coordinates: [rings[0]]}
      : {type: 'MultiPolygon', coordinates: rings.map(ring => [ring])},
  );

/** Square metres of a ring, flat as the ground is over some hundred metres. @param {Ring} ring */
export function areaOf(ring) {
  const east = METRE_DEGREES * Math.cos((ring[0][1] * Math.PI) / 180);
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x0, y0] = away(ring[i], ring[0], east);
    const [x1, y1] = away(ring[i + 1], ring[0], east);
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}

/** Metres east and north of a place. @param {Place} place @param {Place} from @param {number} east @returns {Place} */
const away = ([lon, lat], [lon0, lat0], east) => [(lon - lon0) * east, (lat - lat0) * METRE_DEGREES];

/** @param {number[]} place @returns {Place} */
const fine = ([lon, lat]) => [Math.round(lon * DECIMALS) / DECIMALS, Math.round(lat * DECIMALS) / DECIMALS];
