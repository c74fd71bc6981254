// @ts-check
/**
 * The map in a frame of another site: tells the page around it what is shown, and does what that page asks.
 *
 * Messages are objects with `loumap: 1` and a `type`. From the page: `get`; `set` with `values`, the keys of an address
 * with a text each, null for "as at the start". To the page: `ready` and `state` with the values of the address, `found`
 * with the sums of the answer, `error` with what was not understood. What is said holds nothing that is not public, so
 * any page that may show the map may hear it.
 */

import {isSaid} from './state.js';

const VERSION = 1;

/** @typedef {import('./store.js').Store} Store */

/** @param {Store} store @param {HTMLAnchorElement} whole the link to the same map on a page of its own */
export function createHost(store, whole) {
  let ready = false;
  const tell = (/** @type {string} */ type, /** @type {object} */ what) =>
    parent.postMessage({loumap: VERSION, type, ...what}, '*');
  const say = (/** @type {string} */ type) => tell(type, {values: Object.fromEntries(new URLSearchParams(store.query()))});

  addEventListener('message', ({source, data}) => {
    if (source !== parent || data?.loumap !== VERSION) return;
    if (data.type === 'get') say('state');
    else if (data.type === 'set') set(store, data.values, message => tell('error', {message}));
    else tell('error', {message: `type ${quoted(data.type)} is not known; send "get" or "set".`});
  });
  store.on(() => {
    whole.href = store.address();
    say('state');
  });
  whole.href = store.address();

  return {
    /** @param {import('./types').Answer} answer */
    tell({found}) {
      if (!ready) say('ready');
      ready = true;
      tell('found', {buildings: found.buildings, units: found.totalUnits, area_m2: Math.round(found.totalArea)});
    },
  };
}

/** @param {Store} store @param {unknown} values @param {(message: string) => void} refuse */
function set(store, values, refuse) {
  if (typeof values !== 'object' || values === null) return refuse('set needs values, an object of texts.');
  const query = new URLSearchParams(store.query());
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && !isSaid(key, String(value))) return refuse(`${quoted(key)}: ${quoted(value)} is not understood.`);
    if (value === null) query.delete(key);
    else query.set(key, String(value));
  }
  store.say(`?${query}`);
}

const quoted = (/** @type {unknown} */ value) => JSON.stringify(String(value).slice(0, 100));
