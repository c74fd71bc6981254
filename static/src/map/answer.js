// @ts-check
/** What follows from data and state: colours, matches and sums. */

import {classify} from './colours.js';
import {judge, sumUp} from './filters.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Boot} Boot */

/**
 * @param {import('./types').Table} table
 * @param {import('./types').State} state
 * @param {Boot} boot
 * @returns {Answer}
 */
export function findAnswer(table, state, boot) {
  const colouring = classify(table, state.by, boot);
  const masks = judge(table, state, {only: state.only, classes: colouring, fold: boot.fold});
  return {table, masks, found: sumUp(table, masks), state, colouring};
}

/** Matching buildings of each class; those that the legend itself hides are counted too. @param {Answer} answer */
export function countClasses({table, masks, colouring, found}) {
  const bit = masks.rules.indexOf(colouring.filter || 'only');
  const others = bit < 0 ? ~0 : ~(1 << bit);
  const seen = new Set(found.rows);
  table.units.b.forEach((b, u) => (masks.unit[u] & others) === 0 && seen.add(b));
  if (found.bare) masks.building.forEach((mask, b) => (mask & others) === 0 && seen.add(b));
  const counts = new Array(colouring.classes.length).fill(0);
  for (const b of seen) counts[colouring.of[b]]++;
  return counts;
}
