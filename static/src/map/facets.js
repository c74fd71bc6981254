// @ts-check
/** Counts per filter value with all other filters applied, and the spread of areas and rents for the sliders. */

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./filters').Masks} Masks */

/** How many units (buildings, where there are no units) each value of one filter would give: value → count.
 * @param {Table} table @param {Masks} masks @param {string} name
 */
export function countValues(table, masks, name) {
  const values = valuesOf(table, name);
  /** @type {Map<string, number>} */
  const counts = new Map();
  each(table, masks, name, (building, unit) => {
    for (const code of values(building, unit)) counts.set(code, (counts.get(code) ?? 0) + 1);
  });
  return counts;
}

/**
 * The values a row has under one filter.
 * @param {Table} table
 * @param {string} name
 * @returns {(building: number, unit: number) => Iterable<string>}
 */
function valuesOf({buildings, units, words}, name) {
  /** @param {string[]} list @param {number} index */
  const one = (list, index) => (index ? [list[index - 1]] : []);
  /** @param {string[]} list @param {number} bits */
  const several = (list, bits) => list.filter((_, bit) => (bits >>> bit) & 1);
  switch (name) {
    case 'grade':
      return b => one(words.grade, buildings.grade[b]);
    case 'star':
      return b => (buildings.star[b] ? [String(buildings.star[b])] : []);
    case 'status':
      return b => one(words.status, buildings.status[b]);
    case 'theme':
      return b => several(words.theme, buildings.themes[b]);
    case 'industry':
      return b => several(words.industry, buildings.industries[b]);
    case 'within':
      return b => [...buildings.areas.at(b)].map(index => words.areas[index]);
    case 'cluster':
      return b => [...buildings.clusters.at(b)].map(index => words.clusters[index]);
    case 'occupancy':
      return (_, u) => (u < 0 ? [] : one(words.occupancy, units.occupancy[u]));
    case 'fitout':
      return (_, u) => (u < 0 ? [] : one(words.fitout, units.fitout[u]));
    default:
      throw new Error(`There is no list of values for "${name}".`);
  }
}

/** How many units there are near each category when it is added to those already asked for: category → count.
 * @param {Table} table @param {Masks} masks @param {number} metres
 */
export function countNear(table, masks, metres) {
  const categories = Object.entries(table.buildings.near);
  /** @type {Map<string, number>} */
  const counts = new Map(categories.map(([code]) => [code, 0]));
  each(table, masks, '', building => {
    for (const [code, column] of categories)
      if (column[building] <= metres) counts.set(code, /** @type {number} */ (counts.get(code)) + 1);
  });
  return counts;
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
  each(table, masks, name, (_, unit) => {
    if (unit < 0 || Number.isNaN(column[unit])) return;
    let bin = 0;
    while (bin < edges.length && column[unit] >= edges[bin]) bin++;
    bins[bin]++;
  });
  return bins;
}

/**
 * Visit every row that fails no rule but `name`.
 * @param {Table} table
 * @param {Masks} masks
 * @param {string} name
 * @param {(building: number, unit: number) => void} visit
 */
function each(table, masks, name, visit) {
  const bit = masks.rules.indexOf(name);
  const others = bit < 0 ? ~0 : ~(1 << bit);
  if (table.units.n === 0) masks.building.forEach((mask, b) => (mask & others) === 0 && visit(b, -1));
  else for (let u = 0; u < masks.unit.length; u++) if ((masks.unit[u] & others) === 0) visit(table.units.b[u], u);
}
