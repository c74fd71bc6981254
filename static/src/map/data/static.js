// @ts-check
/** Data from a folder of files beside the page: a publication without a server. Versions never change there. */

import {ask, tileAddress} from './live.js';

/** @param {import('../types').Boot} boot @returns {import('../types').Data} */
export const staticData = ({urls, versions}) => ({
  versions: async () => versions,
  state: async () => (await ask(urls.state.replace('{version}', String(versions.state)))).arrayBuffer(),
  window: async () => Promise.reject(new Error('A publication of files has no windows: its page takes the whole state.')),
  building: async code => (await ask(`${urls.api}/buildings/${encodeURIComponent(code)}.json`)).json(),
  walk: null,
  suggest: null,
  tiles: (layer, version) => tileAddress(urls.tiles, layer, version),
});
