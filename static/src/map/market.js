// @ts-check
/** Keeps the filtered tiles of the map in step with filters, colours and versions (cities too large for one file). */

import {afterPause} from './dom.js';
import {dayNumber} from './filters.js';
import {askedThen, momentQuery} from './past.js';
import {filterQuery} from './state.js';
import {marketColour, marketFilter} from './style/market.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').Page} Page */
/** @typedef {{tiles: string, colour: any, filter: any}} Look */

const PAUSE_MS = 150;
/** Layer → the paint property that its colour is. @type {Record<string, any>} */
const COLOUR_OF = {'market-flat': 'fill-color', 'market-towers': 'fill-extrusion-color'};
const LAYERS = [...Object.keys(COLOUR_OF), 'market-edge'];

/** @typedef {Pick<import('./types').State, 'date' | 'known_at'>} Moment */

/**
 * Which tiles are asked for, and how they are painted.
 * @param {Page} page
 * @param {number} version of the state
 * @param {Moment} [moment] that the server has a state of
 * @returns {Look}
 */
export function lookOf({boot, data, store}, version, moment = store.get()) {
  const {date, known_at} = moment;
  const state = {...store.get(), date, known_at};
  const today = dayNumber(date || new Date().toISOString().slice(0, 10));
  return {
    tiles: data.tiles('market', version, [filterQuery(askedThen(state)), momentQuery(moment)].filter(Boolean).join('&')),
    colour: marketColour(state.by, boot, today),
    filter: marketFilter(state, boot, today),
  };
}

/** @param {Map} map made with the look of `page` at its first version @param {Page} page */
export function createMarket(map, page) {
  let version = page.boot.past ?? page.boot.versions.state;
  /** Tiles of another moment are asked for once its window has come: until then the server may be preparing it. @type {Moment} */
  let moment = page.store.get();
  let shown = lookOf(page, version, moment);

  function follow() {
    const next = lookOf(page, version, moment);
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
    /** Go over to the tiles of a new version of the present. @param {number} next */
    renew(next) {
      if (momentQuery(moment)) return;
      version = next;
      follow();
    },
    /** Go over to the moment that has been answered. @param {import('./types').Answer} answer */
    show({table, state}) {
      if (momentQuery(state) === momentQuery(moment) && !momentQuery(moment)) return;
      [version, moment] = [table.version, state];
      follow();
    },
  };
}

/** @param {any} a @param {any} b */
const differ = (a, b) => JSON.stringify(a) !== JSON.stringify(b);
