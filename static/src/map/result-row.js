// @ts-check
/** One row of the list of results, and the advice that stands there when nothing is left. */

import {h} from './dom.js';
import {inWords, KEYS_OF} from './filter-words.js';
import {dayNumber, STALE} from './filters.js';
import {createMini} from './mini.js';
import {divides, summarise} from './results-model.js';
import {startOf, withoutFilters} from './state.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Page} Page */

const MOST_ADVICE = 4;

/** A line of the list that shows one building after the other. @param {Page} page */
export function createRow({texts, address}) {
  const mini = createMini();
  const [name, area] = [h('b'), h('b.area')];
  const [said, count, rent, age] = [h('span'), h('span.area'), h('span.rent'), h('span.area')];
  const link = h('a.result', mini.element, name, area, said, count, rent, age);
  return {
    element: h('li', link),
    link,
    /** @param {Answer} answer @param {number} b row of the building */
    show(answer, b) {
      const {buildings} = answer.table;
      const code = buildings.code.at(b);
      link.href = address(code);
      Object.assign(link.dataset, {code, id: String(buildings.id[b])});
      mini.draw(answer.table, b);
      name.textContent = texts.name(buildings.name.at(b), buildings.name_en.at(b)) || code;
      said.textContent = factsOf(answer, b, texts);
      [area.textContent, count.textContent, rent.textContent, age.textContent] = offerOf(answer, b, texts);
    },
  };
}

/** @param {Answer} answer @param {number} b @param {import('./i18n.js').Texts} texts */
function factsOf({table: {buildings, words}}, b, texts) {
  const facts = [
    texts.word('grade', words.grade[buildings.grade[b] - 1]),
    buildings.floors[b] ? texts.t('floors', {n: buildings.floors[b]}) : '',
    texts.word('industry', words.industry[buildings.leading[b] - 1]),
  ];
  return facts.filter(Boolean).join(' · ');
}

/**
 * Area, number of units, rent and age of what can be had in a building; nothing where buildings are what is counted.
 * @param {Answer} answer
 * @param {number} b
 * @param {import('./i18n.js').Texts} texts
 * @returns {string[]}
 */
function offerOf({table, masks, found, state}, b, texts) {
  if (found.bare) return ['', '', '', ''];
  const {t} = texts;
  const sum = summarise(table, masks, b);
  const count = [t('units', {n: found.units[b]}), divides(table, masks, b, state.area_max) && t('dividable')];
  return [
    texts.area(found.area[b]),
    count.filter(Boolean).join(' · '),
    Number.isNaN(sum.low) ? t('rent_unknown') : texts.rents(sum.low, sum.high, state.rent_unit),
    sum.newest ? texts.ago(dayNumber(table.asOf) - sum.newest) : t('undated'),
  ];
}

/** Nothing is left: which filters to relax, and what that would give. @param {Answer} answer @param {Page} page */
export function createAdvice({table, masks, state, counts, inView}, {boot, texts, store}) {
  const {t} = texts;
  const words = (/** @type {string} */ rule) =>
    rule === STALE ? t('stale_rule', {n: table.staleDays}) : inWords(rule, state, boot, texts);
  const fixed = masks.rules.filter(rule => !words(rule));
  const advice = counts.relaxations(fixed).slice(0, MOST_ADVICE);
  const buttons = advice.map(({names, gain}) =>
    h(
      'button.relax',
      {type: 'button', onclick: () => store.set(without(names))},
      h('span', t('without', {filter: names.map(words).join(' + ')})),
      h('b', t('gain', {n: texts.number(gain)})),
    ),
  );
  const {bounds} = boot;
  const elsewhere = inView && bounds && (() => store.set({at: cameraOver(bounds)}));
  return h(
    'li.empty',
    h('b', t(inView ? 'nothing_view' : 'nothing')),
    h('p', t(advice.length ? 'nothing_relax' : 'nothing_clear')),
    buttons,
    elsewhere && h('button.btn', {type: 'button', onclick: elsewhere}, t('show_city')),
    elsewhere && ' ',
    h('button.btn', {type: 'button', onclick: () => store.set(withoutFilters(state))}, t('clear_all')),
  );
}

/** What the state is without some rules. @param {string[]} rules @returns {Partial<import('./types').State>} */
const without = rules => ({
  ...startOf(rules.flatMap(rule => KEYS_OF[rule])),
  ...(rules.includes(STALE) ? {stale: '1'} : {}),
});

/** Where the camera sees the whole of a box. @param {import('./types').Box} box */
export function cameraOver([west, south, east, north]) {
  const span = Math.max(east - west, (north - south) * 1.3, 0.01);
  return {lat: (south + north) / 2, lng: (west + east) / 2, zoom: Math.log2(360 / span) + 0.2};
}
