// @ts-check
/** Data from a folder of files beside the page: a copy of the public part without a server. Nothing ever changes there. */

import {sheetAddresses} from './addresses.js';
import {ask} from './live.js';
import {crc32, packedJson, unpacked} from './packed.js';

/** @typedef {import('../types').BuildingDetail} Detail */

/** @param {import('../types').Boot} boot @returns {import('../types').Data} */
export function staticData(boot) {
  const {urls, versions, archives = {}, parts = {}} = boot;
  const building = detailsIn(urls.api);
  /** @type {Promise<import('./names.js').Suggest> | null} */
  let names = null;
  return {
    addresses: sheetAddresses(boot),
    days: false,
    picks: null,
    versions: async () => versions,
    state: async () => fetched(urls.state),
    window: async () => Promise.reject(new Error('A copy has no windows: its page takes the whole state.')),
    part: key => fetched(urls.tiles + parts[key]),
    building,
    walk: null,
    async suggest(query, signal) {
      names ??= import('./names.js').then(({openNames}) => openNames(new URL(urls.names ?? '', location.href).href, boot.fold ?? '', building));
      return (await names)(query, signal);
    },
    tiles: layer => `copy://${layer}/{z}/{x}/{y}`,
    async prepare({addProtocol}) {
      const {createReader, SCHEME} = await import('./archives.js');
      addProtocol(SCHEME, createReader(archives, urls.tiles));
    },
  };
}

/**
 * Finds the details of buildings in files of many each.
 * @param {string} index the file that says what the others are called
 * @returns {(code: string) => Promise<Detail>}
 */
export function detailsIn(index) {
  /** @type {Promise<string[]> | null} */
  let tails = null;
  /** @type {Map<number, Promise<Record<string, Detail>>>} */
  const read = new Map();
  const folder = index.replace(/-[^-]*$/, '');
  return async code => {
    const names = await (tails ??= packedJson(index));
    const number = crc32(code) % names.length;
    const file = read.get(number) ?? packedJson(`${folder}/${number.toString(16)}-${names[number]}`);
    read.set(number, file);
    const detail = (await file)[code];
    if (!detail) throw new Error(`There is no building ${code} in this copy.`);
    return detail;
  };
}

/** @param {string} address */
const fetched = async address => unpacked(await (await ask(address)).arrayBuffer());
