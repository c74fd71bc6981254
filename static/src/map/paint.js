// @ts-check
/** Tells the map what each building looks like, touching only those whose look changed. */

import {OFF} from './colours.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').Table} Table */

const TILES = {source: 'buildings', sourceLayer: 'buildings'};
const MARKET = {source: 'market', sourceLayer: 'market'};

/** @param {Map} map */
export function createPainter(map) {
  /** Row by row: the id and the colour last told to the map. @type {{ids: Uint32Array, fills: (string | undefined)[]}} */
  let told = {ids: new Uint32Array(0), fills: []};
  /** @type {Record<string, number>} */
  const marked = {};

  return {
    /** Colour the buildings on the list; those in `rows` answer the search, the others stay as pale blocks.
     * @param {Table} table @param {import('./colours.js').Colouring} colouring @param {Uint32Array} rows
     */
    colour({buildings}, {classes, of}, rows) {
      if (told.ids !== buildings.id) told = carryOver(told, buildings.id, id => map.removeFeatureState({...TILES, id}));
      const fills = new Array(buildings.n).fill(OFF);
      for (const row of rows) fills[row] = classes[of[row]].colour;
      for (let row = 0; row < fills.length; row++)
        if (fills[row] !== told.fills[row])
          map.setFeatureState({...TILES, id: buildings.id[row]}, {fill: fills[row]});
      told.fills = fills;
    },
    /**
     * Give one building (and no other) a flag: `hover`, `pick` or `sliced`; 0 = none.
     * @param {string} flag
     * @param {number} id
     */
    mark(flag, id) {
      const before = marked[flag] ?? 0;
      if (before === id) return;
      if (before) setAll(before, {[flag]: false});
      if (id) setAll(id, {[flag]: true});
      marked[flag] = id;
    },
  };

  /** @param {number} id @param {Record<string, boolean>} state */
  function setAll(id, state) {
    map.setFeatureState({...TILES, id}, state);
    map.setFeatureState({source: 'labels', id}, state);
    if (map.getSource(MARKET.source)) map.setFeatureState({...MARKET, id}, state);
  }
}

/**
 * What was told of the same buildings, in the rows of new data.
 * @param {{ids: Uint32Array, fills: (string | undefined)[]}} told
 * @param {Uint32Array} ids
 * @param {(id: number) => void} forget is called for every building that is gone
 */
function carryOver(told, ids, forget) {
  const rows = new globalThis.Map(Array.from(told.ids, (id, row) => [id, row]));
  const fills = Array.from(ids, id => {
    const row = rows.get(id);
    rows.delete(id);
    return row === undefined ? undefined : told.fills[row];
  });
  for (const id of rows.keys()) forget(id);
  return {ids, fills};
}
