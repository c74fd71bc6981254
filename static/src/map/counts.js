// @ts-check
/** The numbers beside filters and classes: counted here over all rows, or as the server told them. */

import {countClasses, countNear, countValues, spread} from './facets.js';
import {relaxations} from './found.js';

/** @typedef {import('./types').Counts} Counts */
/** @typedef {import('./types').Table} Table */
/** @typedef {import('./colours.js').Colouring} Colouring */

/**
 * Counted over the rows of a table, each when it is asked for.
 * @param {Table} table
 * @param {import('./filters.js').Masks} masks
 * @param {Colouring} colouring
 * @returns {Counts}
 */
export const countHere = (table, masks, colouring) => ({
  values: name => countValues(table, masks, name),
  near: metres => countNear(table, masks, metres),
  spread: (name, edges) => spread(table, masks, name, edges),
  classes: () => countClasses(table, masks, colouring),
  relaxations: fixed => relaxations(table, masks, fixed),
});

/**
 * As the server counted them, because the table holds only the first of what matches.
 * @param {import('./types').Told} told
 * @param {Colouring} colouring
 * @param {string} by what the colours say now; the server may still have told of what they said before
 * @returns {Counts}
 */
export const countTold = ({facets, spreads, classes, relaxations}, colouring, by) => ({
  values: name => new Map(Object.entries(facets[name] ?? {})),
  near: () => new Map(Object.entries(facets.near ?? {})),
  spread: name => spreads[name].counts,
  classes: () => (classes.by === by ? colouring.codes.map(code => classes.counts[code] ?? 0) : null),
  relaxations: () => relaxations,
});
