// @ts-check
/** Outlines as rings of degrees: read from GeoJSON, measured, and written as GeoJSON again. Pure. */

/** @typedef {[number, number]} Place degrees */
/** @typedef {Place[]} Ring closed: the last place is the first */

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
  const [east, north] = degreesOf(ring[0][1]);
  const places = ring.map(([lon, lat]) => [(lon - ring[0][0]) * east, (lat - ring[0][1]) * north]);
  let twice = 0;
  for (let i = 0; i + 1 < places.length; i++) twice += places[i][0] * places[i + 1][1] - places[i + 1][0] * places[i][1];
  return Math.abs(twice) / 2;
}

/** Metres of a degree east and north at a latitude, on the ellipsoid of WGS-84. @param {number} lat @returns {Place} */
function degreesOf(lat) {
  const cos = (/** @type {number} */ times) => Math.cos((times * lat * Math.PI) / 180);
  return [111412.84 * cos(1) - 93.5 * cos(3) + 0.118 * cos(5), 111132.92 - 559.82 * cos(2) + 1.175 * cos(4)];
}

/** @param {number[]} place @returns {Place} */
const fine = ([lon, lat]) => [Math.round(lon * DECIMALS) / DECIMALS, Math.round(lat * DECIMALS) / DECIMALS];
