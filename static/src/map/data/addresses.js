// @ts-check
/** Addresses in a copy: buildings with many units have pages of their own, all others and units lie on sheets of many. */

import {crc32} from './packed.js';

/** @typedef {import('../types').Table} Table */

/** @param {Pick<import('../types').Boot, 'urls' | 'paged_from' | 'sheets'>} boot @returns {import('../types').Addresses} */
export function sheetAddresses({urls, paged_from: least = 0, sheets = 1}) {
  /** @type {Table | null} */
  let table = null;

  /** @param {string} code */
  function isPaged(code) {
    const row = table?.row(code) ?? -1;
    return table !== null && row >= 0 && table.buildings.units[row] >= least;
  }

  /** @param {string} of the code of a building @param {string} code that of itself or of a unit in it */
  const listed = (of, code) => filled(urls.listed ?? '', code).replace('{sheet}', (crc32(of) % sheets).toString(16));
  return {
    building: code => (isPaged(code) ? filled(urls.building, code) : listed(code, code)),
    unit: (code, of) => listed(of, code),
    learn(next) {
      table = next;
    },
  };
}

/** Addresses of a server's pages. @param {Pick<import('../types').Boot, 'prefix' | 'urls'>} boot @returns {import('../types').Addresses} */
export const pageAddresses = ({prefix, urls}) => ({
  building: code => filled(urls.building, code),
  unit: code => filled(`${prefix}/u/{code}`, code),
  learn() {},
});

/** @param {string} pattern @param {string} code */
const filled = (pattern, code) => pattern.replace('{code}', encodeURIComponent(code));
