// @ts-check
/** Answers in the copy of a city too large for one file: out of the parts of it that are in view, the middle first. */

import {findAnswer} from './answer.js';
import {parseState} from './data/columns.js';
import {merged} from './data/merge.js';
import {afterPause, part, soon} from './dom.js';
import {regionOf} from './window-query.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').Finder} Finder */
/** @typedef {import('./types').Ears} Ears */
/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').Box} Box */

/** A part is what stands in a tile of this zoom (`webmap/publish/states.py` says the same). */
const PART_ZOOM = 14;
/** Parts that are searched at once, and parts kept: some 25 km² and some megabytes. */
const MOST = 9;
const KEPT = 40;
const PAUSE_MS = 200;
const LOOK_ONLY = new Set(['view', 'layers', 'b', 'floor', 'date', 'beside', 'moving']);

/** @param {Page} page @param {Ears} ears @returns {Finder} */
export function createPartsFinder({boot, store, data, texts, walks}, {tell, fail, wait, placed, view}) {
  const known = Object.keys(boot.parts ?? {});
  /** @type {Map<string, Promise<Table>>} */
  const read = new Map();
  /** @type {Table | null} */
  let table = null;
  let held = '';
  let asked = '';

  const region = () => regionOf(store.get(), view(), boot.bounds, walks.of(store.get())?.box);
  /** Seen aslant, the map's middle lies nearer than that of all it shows. */
  function wanted() {
    const {box, follows} = region();
    const {lng, lat} = store.get().at;
    return nearest(known, box, follows ? [lng, lat] : undefined);
  }

  /** @param {string} key */
  function partOf(key) {
    const found = read.get(key) ?? /** @type {Required<typeof data>} */ (data).part(key).then(parseState);
    read.delete(key);
    read.set(key, found);
    for (const old of read.keys()) if (read.size > KEPT) read.delete(old);
    found.catch(() => read.delete(key));
    return found;
  }

  const show = soon(() => {
    if (!table) return;
    const {box, follows} = region();
    tell(findAnswer(table, store.get(), boot, follows ? box : null));
  });

  async function ask() {
    const keys = wanted();
    const key = keys.join();
    if (key === held) return show();
    asked = key;
    try {
      const parts = await Promise.all(keys.map(partOf));
      if (key !== asked || !parts.length) return;
      [table, held] = [merged(parts), key];
      tellReach(table, texts);
      show();
    } catch (error) {
      if (key === asked) fail(String(error));
    }
  }

  const later = afterPause(ask);
  store.on((_, changed) => {
    const keys = [...changed].filter(key => !LOOK_ONLY.has(key));
    if (!keys.length) return;
    if (wanted().join() === held) return show();
    wait();
    later(PAUSE_MS);
  });
  return {
    async load() {
      await placed();
      await ask();
    },
    renew: ask,
  };
}

/** Say how far the list looks. @param {Table} table @param {import('./i18n.js').Texts} texts */
function tellReach({buildings}, texts) {
  const line = part('reach');
  line.hidden = false;
  line.textContent = texts.t('parts_reach', {n: texts.number(buildings.n)});
}

/** Those of the parts that lie in a box, at most so many round its middle; the nearest where there is none. @param {string[]} parts @param {Box} box @param {[number, number]} [middle] if it is another */
export function nearest(parts, [west, south, east, north], middle = [(west + east) / 2, (south + north) / 2]) {
  const [left, top] = place(west, north);
  const [right, bottom] = place(east, south);
  const [column, row] = place(...middle);
  const distance = (/** @type {number[]} */ [x, y]) => Math.hypot(x + 0.5 - column, y + 0.5 - row);
  const all = parts.map(key => ({key, at: key.split('-').map(Number)}));
  const inside = all.filter(({at: [x, y]}) => x + 1 > left && x < right && y + 1 > top && y < bottom);
  const found = (inside.length ? inside : all).sort((a, b) => distance(a.at) - distance(b.at));
  return found.slice(0, inside.length ? MOST : 1).map(({key}) => key).sort();
}

/** Where a place lies among the tiles of the parts. @param {number} lon @param {number} lat @returns {[number, number]} */
function place(lon, lat) {
  const wide = 2 ** PART_ZOOM;
  const up = Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI;
  return [((lon + 180) / 360) * wide, ((1 - up) / 2) * wide];
}
