// @ts-check
/** Tells the map what each building looks like, touching only those whose look changed. */

import {OFF} from './colours.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').Table} Table */

const TILES = {source: 'buildings', sourceLayer: 'buildings'};

/** @param {Map} map */
export function createPainter(map) {
  /** @type {globalThis.Map<number, string>} */
  let fills = new globalThis.Map();
  /** @type {Record<string, number>} */
  const marked = {};

  return {
    /** Colour the buildings on the list; those in `rows` answer the search, the others stay as pale blocks.
     * @param {Table} table @param {import('./colours.js').Colouring} colouring @param {number[]} rows
     */
    colour({buildings}, colouring, rows) {
      const next = new globalThis.Map();
      const hit = new Set(rows);
      for (let b = 0; b < buildings.n; b++)
        next.set(buildings.id[b], hit.has(b) ? colouring.classes[colouring.of[b]].colour : OFF);
      for (const [id, fill] of next) if (fills.get(id) !== fill) map.setFeatureState({...TILES, id}, {fill});
      for (const id of fills.keys()) if (!next.has(id)) map.removeFeatureState({...TILES, id});
      fills = next;
    },
    /**
     * Give one building (and no other) a flag: `hover`, `pick` or `sliced`; 0 = none.
     * @param {string} flag
     * @param {number} id
     */
    mark(flag, id) {
      const before = marked[flag] ?? 0;
      if (before === id) return;
      if (before) setBoth(before, {[flag]: false});
      if (id) setBoth(id, {[flag]: true});
      marked[flag] = id;
    },
  };

  /** @param {number} id @param {Record<string, boolean>} state */
  function setBoth(id, state) {
    map.setFeatureState({...TILES, id}, state);
    map.setFeatureState({source: 'labels', id}, state);
  }
}
