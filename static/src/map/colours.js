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
  const {classes, pick, filter = ''} = COLOURINGS[by](table, boot);
  const of = new Uint8Array(table.buildings.n);
  for (let b = 0; b < of.length; b++) of[b] = pick(b);
  return {classes, codes: classes.map(({code}) => code), of, filter};
}

/** @typedef {{classes: Class[], pick: (building: number) => number, filter?: 'grade' | 'star'}} Recipe */
/** @type {Record<string, (table: Table, boot: Boot) => Recipe>} */
const COLOURINGS = {
  vacancy: ({buildings}) => ({
    classes: [...VACANCY, UNKNOWN],
    pick(b) {
      const {vacant, unknown, leasable, units} = buildings;
      if (!units[b] || !leasable[b] || (!vacant[b] && unknown[b] > 0)) return VACANCY.length;
      return VACANCY.findIndex(({upTo}) => vacant[b] / leasable[b] <= upTo);
    },
  }),
  grade: ({buildings, words}, boot) => ({
    classes: [
      ...words.grade.map((code, i) => ({
        ...named(boot.words.grade, code),
        colour: GRADES[Math.min(i, GRADES.length - 1)],
      })),
      UNKNOWN,
    ],
    pick: b => (buildings.grade[b] || words.grade.length + 1) - 1,
    filter: 'grade',
  }),
  star: ({buildings}, boot) => ({
    classes: [
      ...['5', '4', '3', '2', '1'].map(code => ({...named(boot.words.star, code), colour: STARS[Number(code) - 1]})),
      UNKNOWN,
    ],
    pick: b => (buildings.star[b] ? 5 - buildings.star[b] : 5),
    filter: 'star',
  }),
  industry: ({buildings, words}, boot) => ({
    classes: [
      ...words.industry.map(code => ({
        ...named(boot.words.industry, code),
        colour: named(boot.words.industry, code).colour ?? NONE,
      })),
      UNKNOWN,
    ],
    pick: b => (buildings.leading[b] || words.industry.length + 1) - 1,
  }),
  age: ({buildings, asOf}) => ({
    classes: [...AGE, UNKNOWN],
    pick(b) {
      const age = dayNumber(asOf) - buildings.reported[b];
      return buildings.reported[b] ? AGE.findIndex(({upTo}) => age <= upTo) : AGE.length;
    },
  }),
};

/** @param {import('./types').Word[]} words @param {string} code */
const named = (words, code) => words.find(word => word.code === code) ?? {code, name: code};
