// @ts-check
/** Tiles out of PMTiles archives beside the page: of a layer one for what is far, the others by place. */

import {FetchSource, PMTiles} from 'pmtiles';

/** The scheme under which the map asks for such tiles. */
export const SCHEME = 'copy';
/** From this zoom on tiles lie in the archive of the tile of this zoom that they are part of. */
const PART_ZOOM = 12;
const ADDRESS = /^copy:\/\/(\w+)\/(\d+)\/(\d+)\/(\d+)$/;

/**
 * What answers the map's requests.
 * @param {Record<string, Record<string, string>>} archives layer → part → file
 * @param {string} root what stands before files
 */
export function createReader(archives, root) {
  /** @type {Map<string, PMTiles>} */
  const open = new Map();

  /** @param {string} file */
  function archive(file) {
    const found = open.get(file) ?? new PMTiles(new FetchSource(new URL(root + file, location.href).href));
    open.set(file, found);
    return found;
  }

  return async (/** @type {{url: string}} */ {url}, /** @type {AbortController} */ {signal}) => {
    const [, layer, ...place] = url.match(ADDRESS) ?? [];
    const [zoom, x, y] = place.map(Number);
    const file = archives[layer]?.[partOf(zoom, x, y)];
    const found = file && (await archive(file).getZxy(zoom, x, y, signal));
    return {data: found ? found.data : new ArrayBuffer(0)};
  };
}

/** The part of the city that a tile lies in. @param {number} zoom @param {number} x @param {number} y */
function partOf(zoom, x, y) {
  const shift = zoom - PART_ZOOM;
  return shift < 0 ? 'far' : `${x >> shift}-${y >> shift}`;
}
