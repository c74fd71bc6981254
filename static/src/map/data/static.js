// @ts-check
/** Data from a folder of files beside the page: a publication without a server. Versions never change there. */

import {ask} from './live.js';

/** @param {import('../types').Boot} boot @returns {import('../types').Data} */
export const staticData = ({urls, versions}) => ({
  versions: async () => versions,
  state: async () => (await ask(urls.state.replace('{version}', String(versions.state)))).arrayBuffer(),
  building: async code => (await ask(`${urls.api}/buildings/${encodeURIComponent(code)}.json`)).json(),
  tiles: (layer, version) =>
    new URL(urls.tiles.replace('{layer}', layer).replace('{version}', String(version)), location.href).href
      .replace(/%7B/g, '{')
      .replace(/%7D/g, '}'),
});
