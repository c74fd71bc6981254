// @ts-check
/** Addresses of the pages of buildings and units; in a copy buildings with few units share one page. */

/** @typedef {import('./types').Table} Table */

/** @param {Pick<import('./types').Boot, 'prefix' | 'urls' | 'paged_from'>} boot */
export function createAddresses({prefix, urls, paged_from: least}) {
  const patterns = {unit: urls.unit ?? `${prefix}/u/{code}`, shared: urls.shared ?? urls.building};
  /** @type {Table | null} */
  let table = null;

  /** @param {string} code */
  function isPaged(code) {
    const row = table?.row(code) ?? -1;
    return !least || (table !== null && row >= 0 && table.buildings.units[row] >= least);
  }

  /** @param {string} code */
  const building = code => filled(isPaged(code) ? urls.building : patterns.shared, code);
  return {
    building,
    /** @param {string} code @param {string} of the code of the building that it is in */
    unit: (code, of) => (isPaged(of) ? filled(patterns.unit, code, of) : building(of)),
    /** Told of the state at hand, which says how many units a building has. @param {Table} next */
    learn(next) {
      table = next;
    },
  };
}

/** @param {string} pattern @param {string} code @param {string} [building] */
const filled = (pattern, code, building = '') =>
  pattern.replace('{building}', encodeURIComponent(building)).replace('{code}', encodeURIComponent(code));
