// @ts-check
/** Counts per filter value with all other filters applied, the spread of areas and rents for the sliders, and classes. */

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./filters').Masks} Masks */

/** How many units (buildings, where there are no units) each value of one filter would give: value → count.
 * @param {Table} table @param {Masks} masks @param {string} name
 */
export function countValues(table, masks, name) {
  const [words, counts] = countWords(table, masks, name);
  /** @type {Map<string, number>} */
  const found = new Map();
  words.forEach((code, i) => counts[i] && found.set(code, counts[i]));
  return found;
}

/**
 * The words of one filter, and the count of each.
 * @param {Table} table
 * @param {Masks} masks
 * @param {string} name
 * @returns {[string[], Uint32Array]}
 */
function countWords(table, masks, name) {
  const {buildings, units, words} = table;
  switch (name) {
    case 'grade':
    case 'status':
      return [words[name], ofWords(words[name], buildings[name], passing(table, masks, name))];
    case 'star': {
      const stars = ['1', '2', '3', '4', '5'];
      return [stars, ofWords(stars, buildings.star, passing(table, masks, name))];
    }
    case 'theme':
      return [words.theme, ofBits(words.theme, buildings.themes, passing(table, masks, name))];
    case 'industry':
      return [words.industry, ofBits(words.industry, buildings.industries, passing(table, masks, name))];
    case 'within':
      return [words.areas, ofLists(words.areas, buildings.areas, passing(table, masks, name))];
    case 'cluster':
      return [words.clusters, ofLists(words.clusters, buildings.clusters, passing(table, masks, name))];
    case 'occupancy':
    case 'fitout':
      return [words[name], ofUnits(words[name], units[name], masks, name)];
    default:
      throw new Error(`There is no list of values for "${name}".`);
  }
}

/** @param {string[]} words @param {Uint8Array} column word i is i + 1 @param {Uint32Array} weights per row */
function ofWords(words, column, weights) {
  const counts = new Uint32Array(words.length + 1);
  for (let row = 0; row < column.length; row++) counts[column[row]] += weights[row];
  return counts.subarray(1);
}

/** @param {string[]} words @param {Uint32Array} column word i is bit i @param {Uint32Array} weights per row */
function ofBits(words, column, weights) {
  const counts = new Uint32Array(words.length);
  for (let row = 0; row < column.length; row++) {
    if (!weights[row]) continue;
    for (let bits = column[row], bit = 0; bits; bits >>>= 1, bit++) if (bits & 1) counts[bit] += weights[row];
  }
  return counts;
}

/** @param {string[]} words @param {import('./types').ListColumn} column @param {Uint32Array} weights per row */
function ofLists(words, {values, ends}, weights) {
  const counts = new Uint32Array(words.length);
  for (let row = 0, at = 0; row < weights.length; row++)
    for (; at < ends[row]; at++) counts[values[at]] += weights[row];
  return counts;
}

/** @param {string[]} words @param {Uint8Array} column word i is i + 1 @param {Masks} masks @param {string} name */
function ofUnits(words, column, masks, name) {
  const counts = new Uint32Array(words.length + 1);
  const others = besides(masks, name);
  for (let u = 0; u < column.length; u++) if ((masks.unit[u] & others) === 0) counts[column[u]]++;
  return counts.subarray(1);
}

/** How many units there are near each category when it is added to those already asked for: category → count.
 * @param {Table} table @param {Masks} masks @param {number} metres
 */
export function countNear(table, masks, metres) {
  const weights = passing(table, masks, '');
  return new Map(
    Object.entries(table.buildings.near).map(([code, column]) => {
      let count = 0;
      for (let b = 0; b < weights.length; b++) if (column[b] <= metres) count += weights[b];
      return [code, count];
    }),
  );
}

/** How the areas or rents of the units spread over bins, the filter itself left out.
 * @param {Table} table
 * @param {Masks} masks
 * @param {'area' | 'rent'} name
 * @param {number[]} edges ascending; the first bin is below edges[0]
 */
export function spread(table, masks, name, edges) {
  const bins = new Array(edges.length + 1).fill(0);
  const column = table.units[name];
  const others = besides(masks, name);
  for (let u = 0; u < column.length; u++) {
    if (masks.unit[u] & others || Number.isNaN(column[u])) continue;
    let bin = 0;
    while (bin < edges.length && column[u] >= edges[bin]) bin++;
    bins[bin]++;
  }
  return bins;
}

/**
 * Matching buildings of each class; those that the legend itself hides are counted too.
 * @param {Table} table
 * @param {Masks} masks
 * @param {import('./colours.js').Colouring} colouring
 */
export function countClasses(table, masks, colouring) {
  const weights = passing(table, masks, colouring.filter || 'only');
  /** @type {number[]} */
  const counts = new Array(colouring.classes.length).fill(0);
  for (let b = 0; b < weights.length; b++) if (weights[b]) counts[colouring.of[b]]++;
  return counts;
}

/** Units of each building that fail no rule but `name` (1 for a building, where there are no units).
 * @param {Table} table @param {Masks} masks @param {string} name
 */
function passing(table, masks, name) {
  const others = besides(masks, name);
  const counts = new Uint32Array(table.buildings.n);
  const owner = table.units.b;
  if (table.bare) for (let b = 0; b < counts.length; b++) counts[b] = (masks.building[b] & others) === 0 ? 1 : 0;
  else for (let u = 0; u < owner.length; u++) if ((masks.unit[u] & others) === 0) counts[owner[u]]++;
  return counts;
}

/** The bits of all rules but one. @param {Masks} masks @param {string} name */
function besides(masks, name) {
  const bit = masks.rules.indexOf(name);
  return bit < 0 ? ~0 : ~(1 << bit);
}
