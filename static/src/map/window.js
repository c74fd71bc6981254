// @ts-check
/** Answers for a city too large for one file: out of a window of it round what is looked at, asked for as the map moves.
 *
 * A window that holds all buildings of its box is filtered here until the view leaves it. One that holds only the first
 * of them carries the sums and counts with it, and every other question is a new window.
 */

import {findAnswer} from './answer.js';
import {parseState} from './data/columns.js';
import {NotReady} from './data/live.js';
import {afterPause, soon} from './dom.js';
import {momentQuery} from './past.js';
import {isInside, regionOf, snap, windowQuery} from './window-query.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').Finder} Finder */
/** @typedef {import('./types').Ears} Ears */
/** @typedef {import('./types').Table} Table */

/** How long camera and filters have to rest before the server is asked. */
const CAMERA_MS = 250;
const FILTER_MS = 120;
/** Keys that change neither the answer nor where it is looked for. */
const LOOK_ONLY = new Set(['view', 'layers', 'b', 'floor', 'beside', 'moving', 's']);
const CAMERA = new Set(['at', 'pitch', 'bearing']);

/** @param {Page} page @param {Ears} ears @returns {Finder} */
export function createWindowFinder({boot, store, data, walks}, {tell, fail, wait, delay, placed, view}) {
  /** @type {Table | null} */
  let table = null;
  let version = boot.versions.state;
  /** Of the state of the past that is looked at: a past stays while the present moves on. */
  let pastVersion = boot.past ?? version;
  /** What the window at hand was asked for, the moment it is of, and what has been asked for last. */
  let held = '';
  let heldMoment = '';
  let asked = '';
  let under = new AbortController();

  const region = () => regionOf(store.get(), view(), boot.bounds, walks.of(store.get())?.box);
  const question = () => windowQuery(store.get(), snap(region().box));

  /** Whether the window at hand answers what the page asks now; who asks for an old version is led to the present one. */
  function suffices() {
    const moment = momentQuery(store.get());
    if (!table?.told || heldMoment !== moment || (!moment && table.version < version)) return false;
    return table.told.complete ? isInside(region().box, table.told.bbox) : held === question();
  }

  const show = soon(() => {
    if (!table || !suffices()) return;
    const {box, follows} = region();
    tell(findAnswer(table, store.get(), boot, follows ? box : null, walks.of(store.get())));
  });

  async function ask() {
    await walks.load(store.get());
    if (suffices()) {
      asked = '';
      under.abort();
      return show();
    }
    const [query, moment] = [question(), momentQuery(store.get())];
    const wanted = moment ? pastVersion : version;
    const key = `${wanted}?${query}`;
    if (key === asked) return;
    asked = key;
    under.abort();
    under = new AbortController();
    try {
      const bytes = await data.window(wanted, query, under.signal);
      if (key !== asked) return;
      [table, held, heldMoment] = [parseState(bytes), query, moment];
      if (moment) pastVersion = table.version;
      show();
    } catch (error) {
      if (key !== asked) return;
      asked = '';
      if (!(error instanceof NotReady)) return fail(String(error));
      delay(error.part);
      later(error.seconds * 1000);
    }
  }

  const later = afterPause(ask);
  store.on((_, changed) => {
    const keys = [...changed].filter(key => !LOOK_ONLY.has(key));
    if (!keys.length) return;
    if (suffices()) show();
    else wait();
    later(keys.every(key => CAMERA.has(key)) ? CAMERA_MS : FILTER_MS);
  });
  return {
    async load() {
      await placed();
      await ask();
    },
    renew(next) {
      version = next;
      return ask();
    },
  };
}
