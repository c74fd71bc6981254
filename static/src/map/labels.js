// @ts-check
/** The small source of points that carries roof labels and bubbles: one per building on the list. */

const DEGREE = 1e-6;

/** @typedef {import('./types').Table} Table */

/**
 * @param {Table} table
 * @param {{rows: number[], area: Float32Array}} found
 * @param {import('./colours.js').Colouring} colouring
 * @param {import('./i18n.js').Texts} texts
 * @returns {import('geojson').FeatureCollection}
 */
export function labelPoints({buildings}, found, colouring, texts) {
  const hit = new Set(found.rows);
  const features = Array.from({length: buildings.n}, (_, b) => {
    const on = hit.has(b);
    const area = found.area[b];
    return /** @type {import('geojson').Feature} */ ({
      type: 'Feature',
      id: buildings.id[b],
      geometry: {type: 'Point', coordinates: position(buildings, b)},
      properties: {
        on,
        managed: buildings.managed[b] === 1,
        name: texts.name(buildings.name.at(b), buildings.name_en.at(b)),
        note: on && area ? texts.t('label_area', {area: texts.area(area)}) : '',
        h: buildings.height[b] + 2,
        rank: -area,
        area,
        fill: colouring.classes[colouring.of[b]].colour,
      },
    });
  });
  return {type: 'FeatureCollection', features};
}

/** @param {import('./types').Buildings} buildings @param {number} b @returns {[number, number]} */
export const position = ({lon, lat}, b) => [lon[b] * DEGREE, lat[b] * DEGREE];
