// @ts-check
/** Several parts of a city's state as one table. */

import {firstRows, rowFinder} from './columns.js';

/** @typedef {import('../types').Table} Table */
/** @typedef {import('../types').TextColumn} TextColumn */
/** @typedef {import('../types').ListColumn} ListColumn */

/** @param {Table[]} parts at least one, all with the same words @returns {Table} */
export function merged(parts) {
  if (parts.length === 1) return parts[0];
  const [first] = parts;
  const buildings = mergedRows(parts.map(part => part.buildings));
  const units = mergedRows(parts.map(part => part.units));
  units.b = ownersAcross(parts);
  buildings.near = Object.fromEntries(first.words.amenity.map(code => [code, buildings[`near_${code}`]]));
  return {
    ...first,
    bare: parts.every(({bare}) => bare),
    buildings,
    units,
    first: firstRows(units.b, buildings.n),
    row: rowFinder(buildings.code),
  };
}

/** The row of the building of every unit, counted on from part to part. @param {Table[]} parts */
function ownersAcross(parts) {
  const owners = new Uint32Array(parts.reduce((sum, {units}) => sum + units.n, 0));
  let [at, base] = [0, 0];
  for (const {units, buildings} of parts) {
    for (const owner of units.b) owners[at++] = owner + base;
    base += buildings.n;
  }
  return owners;
}

/** @param {any[]} tables @returns {any} */
function mergedRows(tables) {
  const names = Object.keys(tables[0]).filter(name => name !== 'n' && name !== 'near');
  const columns = names.map(name => [name, mergedColumn(tables.map(table => table[name]))]);
  return {n: tables.reduce((sum, {n}) => sum + n, 0), ...Object.fromEntries(columns)};
}

/** @param {any[]} columns */
function mergedColumn(columns) {
  if ('joined' in columns[0]) return mergedTexts(columns);
  return 'ends' in columns[0] ? mergedLists(columns) : joined(columns);
}

/** @param {TextColumn[]} columns @returns {TextColumn} */
function mergedTexts(columns) {
  /** @type {{text: string, ends: Uint32Array} | null} */
  let whole = null;
  const all = () => {
    if (whole) return whole;
    const pieces = columns.map(column => column.joined());
    return (whole = {text: pieces.map(({text}) => text).join(''), ends: endsAcross(pieces.map(({ends, text}) => [ends, text.length]))});
  };
  return {
    n: columns.reduce((sum, {n}) => sum + n, 0),
    joined: all,
    at(row) {
      const {text, ends} = all();
      return text.slice(row ? ends[row - 1] : 0, ends[row]);
    },
  };
}

/** @param {ListColumn[]} columns @returns {ListColumn} */
function mergedLists(columns) {
  const values = /** @type {Uint32Array} */ (joined(columns.map(column => column.values)));
  const ends = endsAcross(columns.map(column => [column.ends, column.values.length]));
  return {values, ends, at: i => values.subarray(i ? ends[i - 1] : 0, ends[i])};
}

/** Where rows end, counted on from piece to piece. @param {[Uint32Array, number][]} pieces ends with the length of the piece */
function endsAcross(pieces) {
  const found = new Uint32Array(pieces.reduce((sum, [ends]) => sum + ends.length, 0));
  let [at, base] = [0, 0];
  for (const [ends, length] of pieces) {
    for (const end of ends) found[at++] = end + base;
    base += length;
  }
  return found;
}

/** @param {any[]} arrays of one type */
function joined(arrays) {
  const found = new arrays[0].constructor(arrays.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    found.set(array, at);
    at += array.length;
  }
  return found;
}
