// @ts-check
/** Holds the state of the page, tells those who listen what changed, and keeps the address and its history in step. */

import {difference, read, write, writeWhole} from './state.js';

/** @typedef {import('./types').State} State */
/** @typedef {Set<keyof State>} Keys */
/** @typedef {(state: State, changed: Keys) => void} Listener */
/** @typedef {ReturnType<typeof createStore>} Store */

/** What is typed or slid changes many times on its way; within this time that is one step back. */
const SAME_STEP_MS = 1200;
const GRADUAL = new Set(['q', 'area_min', 'area_max', 'rent_min', 'rent_max']);
/** Moves of the camera are no steps of their own. */
const CAMERA = new Set(['at', 'pitch', 'bearing']);

/**
 * @param {import('./types').Camera} camera where the map starts when the address does not say
 * @param {string} [page] path of the map page, where this one is in a frame: steps back belong to the page around it
 */
export function createStore(camera, page) {
  let state = read(location.search, camera);
  let last = {keys: '', at: 0};
  /** @type {Set<Listener>} */
  const listeners = new Set();

  /** @param {State} next @param {boolean} record whether the address has to follow */
  function take(next, record) {
    const changed = difference(state, next);
    state = next;
    if (!changed.size) return;
    // The address goes first: a listener may move the camera, and that must not be written into the step before.
    if (record) keep([...changed]);
    for (const tell of listeners) tell(state, changed);
  }

  /** @param {(keyof State)[]} changed */
  function keep(changed) {
    const keys = changed
      .filter(key => !CAMERA.has(key))
      .sort()
      .join();
    const now = Date.now();
    const going = changed.every(key => GRADUAL.has(key)) && keys === last.keys && now - last.at < SAME_STEP_MS;
    if (keys) last = {keys, at: now};
    history[page || keys === '' || going ? 'replaceState' : 'pushState'](null, '', location.pathname + write(state, camera));
  }

  addEventListener('popstate', () => {
    last = {keys: '', at: 0};
    take(read(location.search, camera), false);
  });

  return {
    get: () => state,
    /** Take over the given values. @param {Partial<State>} patch */
    set(patch) {
      take({...state, ...patch}, true);
    },
    /** Call `tell` on every change. @param {Listener} tell */
    on(tell) {
      listeners.add(tell);
    },
    /** The present page with all that a link to it keeps. */
    whole: () => location.pathname + writeWhole(state),
    /** The present address, absolute. */
    address: () => location.origin + (page ?? location.pathname) + write(state, camera),
    /** The query string of the present state, '' or '?…'. */
    query: () => write(state, camera),
    /** Take over all that a query string says. @param {string} query */
    say: query => take(read(query, camera), true),
  };
}
