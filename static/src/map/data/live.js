// @ts-check
/** Data from the server that gave the page. */

import {pageAddresses} from './addresses.js';

import {momentQuery} from '../past.js';

/** @typedef {import('../types').Data} Data */

/** A past that the server is still preparing: how far it is, from 0 to 1, and in how many seconds to ask again. */
export class NotReady extends Error {
  /** @param {string} told steps done and all of them, "2/6" @param {number} seconds */
  constructor(told, seconds) {
    super(`The past is being prepared: ${told}`);
    const [done, of] = told.split('/').map(Number);
    this.part = done / of;
    this.seconds = seconds;
  }
}

/** @param {import('../types').Boot} boot @returns {Data} */
export const liveData = ({prefix, urls}) => ({
  addresses: pageAddresses({prefix, urls}),
  days: true,
  picks: `${prefix}/shortlist`,
  versions: async () => (await (await ask(`${urls.api}/versions`, {cache: 'no-cache'})).json()).layers,
  state: async (version, date, knownAt) => {
    const asked = momentQuery({date, known_at: knownAt});
    return (await ask(urls.state.replace('{version}', String(version)) + (asked && `?${asked}`))).arrayBuffer();
  },
  window: async (version, query, signal) =>
    (await ask(`${urls.state.replace('{version}', String(version))}/window?${query}`, {signal})).arrayBuffer(),
  building: async (code, moment = '') =>
    (await ask(`${urls.api}/buildings/${encodeURIComponent(code)}${moment && `?${moment}`}`)).json(),
  walk: async (from, minutes) => {
    const query = `walk_from=${encodeURIComponent(from).replaceAll('%2C', ',')}&minutes=${minutes}`;
    const {features} = await (await ask(`${urls.api}/isochrones?${query}`)).json();
    return features[0].geometry;
  },
  suggest: async (query, signal) => (await ask(`${urls.api}/suggest?${query}`, {signal})).json(),
  tiles: (layer, version, query = '') =>
    tileAddress(layer === 'market' && urls.market ? urls.market : urls.tiles, layer, version) + (query && `?${query}`),
});

/** The absolute address of a layer's tiles. @param {string} pattern @param {string} layer @param {number} version */
export const tileAddress = (pattern, layer, version) =>
  new URL(pattern.replace('{layer}', layer).replace('{version}', String(version)), location.href).href
    .replace(/%7B/g, '{')
    .replace(/%7D/g, '}');

/** @param {string} address @param {RequestInit} [how] @throws {Error} when the answer is not 2xx; `NotReady` where it will be */
export async function ask(address, how) {
  const answer = await fetch(address, how);
  const told = answer.status === 503 ? (await answer.json().catch(() => ({}))).preparing : '';
  if (told) throw new NotReady(told, Number(answer.headers.get('Retry-After')) || 2);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}
