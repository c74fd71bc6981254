// @ts-check
/** How buildings are coloured: by vacancy, grade, star, leading industry or age of the fact; each a list of classes. */

import {dayNumber} from './filters.js';

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').Boot} Boot */
/**
 * @typedef {{code: string, colour: string, name?: string}} Class the name is left out where the page's texts have it
 */
/**
 * @typedef {object} Colouring
 * @property {Class[]} classes
 * @property {string[]} codes of the classes
 * @property {Uint8Array} of class of each building
 * @property {'grade' | 'star' | ''} filter the one that a click in the legend sets; '' = the legend's own
 */

export const NONE = '#aab3bb';
export const OFF = '#e4e7e5';

const VACANCY = [
  {code: 'full', colour: '#dde2e8', upTo: 0},
  {code: 'v10', colour: '#fbdca6', upTo: 0.1},
  {code: 'v25', colour: '#f3ad55', upTo: 0.25},
  {code: 'v50', colour: '#d9731f', upTo: 0.5},
  {code: 'v100', colour: '#9c3f0a', upTo: Infinity},
];
const AGE = [
  {code: 'week', colour: '#0d735a', upTo: 7},
  {code: 'month', colour: '#5fb394', upTo: 31},
  {code: 'quarter', colour: '#e0b94f', upTo: 92},
  {code: 'older', colour: '#a5482b', upTo: Infinity},
];
const GRADES = ['#3b2a63', '#6b4fa0', '#a68fd0', '#d5cbe8', '#e6e1ef'];
const STARS = ['#dfe6d8', '#bfd3a8', '#8db87a', '#4f8f57', '#1f5f3d'];
const UNKNOWN = {code: 'unknown', colour: NONE};

/** @param {Table} table @param {string} by @param {Boot} boot @returns {Colouring} */
export function classify(table, by, boot) {
  const {classes, filter} = classesOf(by, boot);
  const pick = PICKS[by](table, classes.length - 1);
  const of = new Uint8Array(table.buildings.n);
  for (let b = 0; b < of.length; b++) of[b] = pick(b);
  return {classes, codes: classes.map(({code}) => code), of, filter};
}

/**
 * The classes of a colouring, "unknown" last, and the filter that a click on one sets.
 * @param {string} by
 * @param {Boot} boot
 * @returns {{classes: Class[], filter: Colouring['filter']}}
 */
export function classesOf(by, {words}) {
  const ramp = (/** @type {Class[]} */ list, /** @type {string[]} */ colours) =>
    list.map((word, i) => ({...word, colour: colours[Math.min(i, colours.length - 1)]}));
  switch (by) {
    case 'vacancy':
      return {classes: [...VACANCY, UNKNOWN], filter: ''};
    case 'grade':
      return {classes: [...ramp(/** @type {any} */ (words.grade), GRADES), UNKNOWN], filter: 'grade'};
    case 'star':
      return {classes: [...ramp(/** @type {any} */ (words.star), [...STARS].reverse()), UNKNOWN], filter: 'star'};
    case 'industry':
      return {classes: [...words.industry.map(word => ({...word, colour: word.colour ?? NONE})), UNKNOWN], filter: ''};
    default:
      return {classes: [...AGE, UNKNOWN], filter: ''};
  }
}

/** Colouring → the class of each row; the last class is "unknown".
 * @type {Record<string, (table: Table, unknown: number) => (row: number) => number>}
 */
const PICKS = {
  vacancy: ({buildings: {vacant, unknown, leasable, units}}, last) => b =>
    !units[b] || !leasable[b] || (!vacant[b] && unknown[b] > 0) ? last : classUpTo(VACANCY, vacant[b] / leasable[b]),
  grade: ({buildings}, last) => b => (buildings.grade[b] || last + 1) - 1,
  star: ({buildings}, last) => b => (buildings.star[b] ? last - buildings.star[b] : last),
  industry: ({buildings}, last) => b => (buildings.leading[b] || last + 1) - 1,
  age({buildings: {reported}, asOf}, last) {
    const today = dayNumber(asOf);
    return b => (reported[b] ? classUpTo(AGE, today - reported[b]) : last);
  },
};

/** @param {{upTo: number}[]} classes @param {number} value */
function classUpTo(classes, value) {
  let i = 0;
  while (value > classes[i].upTo) i++;
  return i;
}

/**
 * The class of a building of the filtered tiles, as an expression of the map's style: the number of the class.
 * @param {string} by
 * @param {Boot} boot
 * @param {number} today day number
 * @returns {any}
 */
export function classExpression(by, boot, today) {
  const {classes} = classesOf(by, boot);
  const last = classes.length - 1;
  const words = (/** @type {any} */ value) =>
    last ? ['match', value, ...classes.slice(0, last).flatMap(({code}, i) => [code, i]), last] : 0;
  const upTo = (/** @type {string} */ key, /** @type {any} */ value, /** @type {{upTo: number}[]} */ list) =>
    ['case', ['!', ['has', key]], last, ...list.slice(0, -1).flatMap((one, i) => [['<=', value, one.upTo], i]), last - 1];
  switch (by) {
    case 'vacancy':
      return upTo('s', ['/', ['get', 's'], 100], VACANCY);
    case 'age':
      return upTo('d', ['-', today, ['get', 'd']], AGE);
    case 'star':
      return words(['to-string', ['get', 'star']]);
    default:
      return words(['get', by === 'industry' ? 'lead' : by]);
  }
}
