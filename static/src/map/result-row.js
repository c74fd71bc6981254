// @ts-check
/** One row of the list of results, and the advice that stands there when nothing is left. */

import {h} from './dom.js';
import {inWords, KEYS_OF} from './filter-words.js';
import {dayNumber, relaxations} from './filters.js';
import {drawMini} from './mini.js';
import {divides, summarise} from './results-model.js';
import {startOf, withoutFilters} from './state.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Page} Page */

const MOST_ADVICE = 4;

/** @param {Answer} answer @param {number} b row of the building @param {Page} page */
export function createRow({table, masks, found, state}, b, {texts, address}) {
  const {buildings, words} = table;
  const {t} = texts;
  const code = buildings.code.at(b);
  const facts = [
    texts.word('grade', words.grade[buildings.grade[b] - 1]),
    buildings.floors[b] ? t('floors', {n: buildings.floors[b]}) : '',
    texts.word('industry', words.industry[buildings.leading[b] - 1]),
  ];
  const name = h('b', texts.name(buildings.name.at(b), buildings.name_en.at(b)) || code);
  const said = h('span', facts.filter(Boolean).join(' · '));
  const attributes = {href: address(code), 'data-code': code, 'data-id': buildings.id[b]};
  if (found.bare) return h('li', h('a.result', attributes, drawMini(table, b), name, h('span'), said));
  const sum = summarise(table, masks, b);
  const count = [t('units', {n: found.units[b]}), divides(table, masks, b, state.area_max) && t('dividable')];
  const rents = Number.isNaN(sum.low) ? t('rent_unknown') : texts.rents(sum.low, sum.high, state.rent_unit);
  const age = sum.newest ? texts.ago(dayNumber(table.asOf) - sum.newest) : t('undated');
  return h(
    'li',
    h(
      'a.result',
      attributes,
      drawMini(table, b),
      name,
      h('b.area', texts.area(found.area[b])),
      said,
      h('span.area', count.filter(Boolean).join(' · ')),
      h('span.rent', rents),
      h('span.area', age),
    ),
  );
}

/** Nothing is left: which filters to relax, and what that would give. @param {Answer} answer @param {Page} page */
export function createAdvice({table, masks, state}, {boot, texts, store}) {
  const {t} = texts;
  const words = (/** @type {string} */ rule) => inWords(rule, state, boot, texts);
  const fixed = masks.rules.filter(rule => !words(rule));
  const advice = relaxations(table, masks, fixed).slice(0, MOST_ADVICE);
  const buttons = advice.map(({names, gain}) =>
    h(
      'button.relax',
      {type: 'button', onclick: () => store.set(startOf(names.flatMap(name => KEYS_OF[name])))},
      h('span', t('without', {filter: names.map(words).join(' + ')})),
      h('b', t('gain', {n: texts.number(gain)})),
    ),
  );
  const clear = h('button.btn', {type: 'button', onclick: () => store.set(withoutFilters(state))}, t('clear_all'));
  return h(
    'li.empty',
    h('b', t('nothing')),
    h('p', t(advice.length ? 'nothing_relax' : 'nothing_clear')),
    buttons,
    clear,
  );
}
