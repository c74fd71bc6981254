// @ts-check
/** What follows from data and state: colours, matches, sums and counts. */

import {classify} from './colours.js';
import {countHere, countTold} from './counts.js';
import {judge} from './filters.js';
import {sumUp} from './found.js';
import {askedThen} from './past.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./types').Table} Table */

/**
 * @param {Table} table
 * @param {import('./types').State} state
 * @param {Boot} boot
 * @param {import('./types').Box | null} [view] where alone buildings count, null = everywhere
 * @param {import('./walks.js').Land | null} [land] that is reached on foot, where that is asked for
 * @returns {Answer}
 */
export function findAnswer(table, state, boot, view = null, land = null) {
  const colouring = coloured(table, state.by, boot);
  const masks = judge(table, askedThen(state), {only: state.only, classes: colouring, fold: boot.fold, view, land});
  const told = table.told?.complete === false ? table.told : null;
  const found = told ? toldSums(sumUp(table, masks), told) : sumUp(table, masks);
  const counts = told ? countTold(told, colouring, state.by) : countHere(table, masks, colouring);
  return {table, masks, found, state, colouring, counts, inView: view !== null};
}

/** The sums of everything that matches, which is more than the table holds.
 * @param {import('./found.js').Found} found @param {import('./types').Told} told
 */
const toldSums = (found, {totals: {box}}) => ({
  ...found,
  buildings: box.buildings,
  totalUnits: box.units,
  totalArea: box.area_m2,
  stale: box.stale,
});

/** @type {WeakMap<Table, Map<string, import('./colours.js').Colouring>>} */
const known = new WeakMap();

/** Classes are worked out once for each data, not with every filter. @param {Table} table @param {string} by @param {Boot} boot */
function coloured(table, by, boot) {
  const of = known.get(table) ?? new Map();
  known.set(table, of);
  const colouring = of.get(by) ?? classify(table, by, boot);
  of.set(by, colouring);
  return colouring;
}
