// @ts-check
/** Answers out of the state of the whole city, which the browser holds and filters by itself. */

import {findAnswer} from './answer.js';
import {parseState} from './data/columns.js';
import {soon} from './dom.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').Finder} Finder */
/** @typedef {import('./types').Ears} Ears */

/** Keys that change neither the answer nor the list. */
const VIEW_ONLY = new Set(['at', 'pitch', 'bearing', 'view', 'layers', 'b', 'floor', 'beside']);

/** @param {Page} page @param {Ears} ears @returns {Finder} */
export function createCityFinder({boot, store, data, walks}, {tell, fail, wait, placed, view}) {
  /** @type {import('./types').Table | null} */
  let table = null;
  let version = boot.versions.state;

  function show() {
    const state = store.get();
    if (!table) return;
    if (walks.waits(state)) {
      wait();
      walks.load(state).then(answer);
    } else tell(findAnswer(table, state, boot, state.moving === 'on' ? view() : null, walks.of(state)));
  }
  const answer = soon(show);

  async function load() {
    const {date, known_at} = store.get();
    const asked = version;
    try {
      const [file] = await Promise.all([data.state(version, date, known_at), placed()]);
      if (asked !== version || date !== store.get().date || known_at !== store.get().known_at) return;
      table = parseState(file);
    } catch (error) {
      fail(String(error));
      return;
    }
    show();
  }

  store.on((_, changed) => {
    if (changed.has('date') || changed.has('known_at')) load();
    const follows = changed.has('at') && store.get().moving === 'on';
    if (follows || [...changed].some(key => !VIEW_ONLY.has(key))) answer();
  });
  return {
    load,
    renew(next) {
      version = next;
      return load();
    },
  };
}
