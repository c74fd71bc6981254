// @ts-check
/** Holds the state of the page, tells those who listen what changed, and keeps the address and its history in step. */

import {difference, read, write} from './state.js';

/** @typedef {import('./types').State} State */
/** @typedef {Set<keyof State>} Keys */
/** @typedef {(state: State, changed: Keys) => void} Listener */
/** @typedef {ReturnType<typeof createStore>} Store */

/** Changes of one thing within this time are one step back. */
const SAME_STEP_MS = 1200;
/** Moves of the camera are no steps of their own. */
const CAMERA = new Set(['at', 'pitch', 'bearing']);

/** @param {import('./types').Camera} camera where the map starts when the address does not say */
export function createStore(camera) {
  let state = read(location.search, camera);
  let last = {keys: '', at: 0};
  /** @type {Set<Listener>} */
  const listeners = new Set();

  /** @param {State} next */
  function take(next) {
    const changed = difference(state, next);
    state = next;
    if (changed.size) for (const tell of listeners) tell(state, changed);
    return changed;
  }

  /** @param {Keys} changed */
  function keep(changed) {
    const keys = [...changed].filter(key => !CAMERA.has(key)).join();
    const now = Date.now();
    const again = keys === '' || (keys === last.keys && now - last.at < SAME_STEP_MS);
    if (keys) last = {keys, at: now};
    history[again ? 'replaceState' : 'pushState'](null, '', location.pathname + write(state, camera));
  }

  addEventListener('popstate', () => {
    last = {keys: '', at: 0};
    take(read(location.search, camera));
  });

  return {
    get: () => state,
    /** Take over the given values. @param {Partial<State>} patch */
    set(patch) {
      const changed = take({...state, ...patch});
      if (changed.size) keep(changed);
    },
    /** Call `tell` on every change. @param {Listener} tell */
    on(tell) {
      listeners.add(tell);
    },
    /** The present address, absolute. */
    address: () => location.origin + location.pathname + write(state, camera),
  };
}
