// @ts-check
/** Keeps the filtered tiles of the map in step with filters, colours and versions (cities too large for one file). */

import {afterPause} from './dom.js';
import {dayNumber} from './filters.js';
import {filterQuery} from './state.js';
import {marketColour, marketFilter} from './style/market.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').Page} Page */
/** @typedef {{tiles: string, colour: any, filter: any}} Look */

const PAUSE_MS = 150;
/** Layer → the paint property that its colour is. @type {Record<string, any>} */
const COLOUR_OF = {'market-flat': 'fill-color', 'market-towers': 'fill-extrusion-color'};
const LAYERS = [...Object.keys(COLOUR_OF), 'market-edge'];

/**
 * Which tiles are asked for, and how they are painted.
 * @param {Page} page
 * @param {number} version of the state
 * @returns {Look}
 */
export function lookOf({boot, data, store}, version) {
  const state = store.get();
  const today = dayNumber(new Date().toISOString().slice(0, 10));
  return {
    tiles: data.tiles('market', version, filterQuery(state)),
    colour: marketColour(state.by, boot, today),
    filter: marketFilter(state, boot, today),
  };
}

/** @param {Map} map made with the look of `page` at its first version @param {Page} page */
export function createMarket(map, page) {
  let version = page.boot.versions.state;
  let shown = lookOf(page, version);

  function follow() {
    const next = lookOf(page, version);
    if (next.tiles !== shown.tiles)
      /** @type {import('maplibre-gl').VectorTileSource} */ (map.getSource('market')).setTiles([next.tiles]);
    if (differ(next.colour, shown.colour))
      for (const [layer, property] of Object.entries(COLOUR_OF)) map.setPaintProperty(layer, property, next.colour);
    if (differ(next.filter, shown.filter)) for (const layer of LAYERS) map.setFilter(layer, next.filter);
    shown = next;
  }

  const soon = afterPause(follow);
  page.store.on(() => soon(PAUSE_MS));
  return {
    /** Go over to the tiles of a new version of the state. @param {number} next */
    renew(next) {
      version = next;
      follow();
    },
  };
}

/** @param {any} a @param {any} b */
const differ = (a, b) => JSON.stringify(a) !== JSON.stringify(b);
