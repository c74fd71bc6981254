// @ts-check
/** The list of matching buildings: counts, order, rows that light up with the map, and advice when nothing is left. */

import {h, part, soon} from './dom.js';
import {inWords, KEYS_OF} from './filter-words.js';
import {dayNumber, relaxations} from './filters.js';
import {drawMini} from './mini.js';
import {order, summarise} from './results-model.js';
import {SORTS, startOf, withoutFilters} from './state.js';

/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').State} State */
/** @typedef {import('./filters.js').Masks} Masks */
/** @typedef {ReturnType<typeof import('./filters.js').sumUp>} Found */
/** @typedef {{table: Table, masks: Masks, found: Found, state: State}} Answer */

const PAGE = 30;
const MOST_ADVICE = 4;

/** @param {{boot: import('./types').Boot, texts: import('./i18n.js').Texts, store: import('./store.js').Store, onHover: (id: number) => void, address: (code: string) => string}} context */
export function createResults({boot, texts, store, onHover, address}) {
  const {t} = texts;
  const [count, detail, list, head] = ['count', 'count-detail', 'results', 'results-head'].map(part);
  const sort = h('select', {id: 'sort', 'aria-label': t('sort'), onchange: () => store.set({sort: sort.value})}, SORTS.map(code => h('option', {value: code}, t(`sort_${code}`))));
  head.append(sort);
  /** @type {Answer | null} */
  let answer = null;
  /** @type {number[]} */
  let rows = [];
  let shown = 0;

  list.addEventListener('keydown', walk);
  list.addEventListener('click', event => {
    const link = rowOf(event);
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    store.set({b: link.dataset.code, floor: null});
  });
  for (const [name, leave] of /** @type {const} */ ([['pointerover', false], ['focusin', false], ['pointerleave', true], ['focusout', true]])) list.addEventListener(name, event => onHover(leave ? 0 : Number(rowOf(event)?.dataset.id ?? 0)));

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...list.querySelectorAll('a.result')];
    const next = /** @type {HTMLElement | undefined} */ (links[links.indexOf(/** @type {Element} */ (document.activeElement)) + step]);
    next?.focus();
  }

  /** Add the next page of rows. */
  function more() {
    if (!answer) return;
    list.querySelector('.more')?.remove();
    const next = rows.slice(shown, shown + PAGE);
    list.append(...next.map(b => createRow(/** @type {Answer} */ (answer), b, {texts, boot, address})));
    shown += next.length;
    if (shown < rows.length) list.append(h('li.more', {}, h('button.btn', {type: 'button', onclick: more}, t('show_more', {n: texts.number(rows.length - shown)}))));
  }

  const draw = soon(() => {
    if (!answer) return;
    const {table, masks, found, state} = answer;
    rows = order(table, masks, found, state.sort, boot.locale);
    shown = 0;
    sort.value = state.sort;
    list.replaceChildren(...(rows.length ? [] : [createAdvice(answer, {boot, texts, store})]));
    more();
    mark(state.b);
  });

  /** @param {string} code */
  function mark(code) {
    for (const link of list.querySelectorAll('a.result')) link.setAttribute('aria-current', String(/** @type {HTMLElement} */ (link).dataset.code === code));
  }

  return {
    /** @param {Answer} next */
    update(next) {
      answer = next;
      const {found} = next;
      count.textContent = texts.number(found.bare ? found.rows.length : found.totalUnits);
      detail.textContent = found.bare ? t('count_buildings') : t('count_detail', {n: texts.number(found.rows.length), area: texts.area(found.totalArea)});
      draw();
    },
    mark,
    /** Light up the row of a building that the pointer is on in the map. @param {number} id */
    light(id) {
      for (const link of list.querySelectorAll('a.result')) link.classList.toggle('lit', Number(/** @type {HTMLElement} */ (link).dataset.id) === id);
    },
  };
}

/** @param {Event} event @returns {HTMLElement | null} */
const rowOf = event => (event.target instanceof Element ? event.target.closest('a.result') : null);

/** @param {Answer} answer @param {number} b @param {{texts: import('./i18n.js').Texts, boot: import('./types').Boot, address: (code: string) => string}} context */
function createRow({table, masks, found, state}, b, {texts, boot, address}) {
  const {t} = texts;
  const {buildings, words} = table;
  const sum = summarise(table, masks, b);
  const code = buildings.code.at(b);
  const facts = [
    boot.words.grade.find(word => word.code === words.grade[buildings.grade[b] - 1])?.name,
    buildings.floors[b] ? t('floors', {n: buildings.floors[b]}) : '',
    boot.words.industry.find(word => word.code === words.industry[buildings.leading[b] - 1])?.name,
  ].filter(Boolean).join(' · ');
  const rents = Number.isNaN(sum.low) ? t('rent_unknown') : texts.rents(sum.low, sum.high, state.rent_unit);
  return h('li', {}, h('a.result', {href: address(code), 'data-code': code, 'data-id': buildings.id[b]},
    drawMini(table, b),
    h('b', {}, texts.name(buildings.name.at(b), buildings.name_en.at(b)) || code), h('b.area', {}, found.bare ? '' : texts.area(found.area[b])),
    h('span', {}, facts), h('span.area', {}, found.bare ? '' : t('units', {n: found.units[b]})),
    found.bare ? null : h('span.rent', {}, rents), found.bare ? null : h('span.area', {}, sum.newest ? texts.ago(dayNumber(table.asOf) - sum.newest) : t('undated')),
  ));
}

/** Nothing is left: which filter to relax, and what that would give. @param {Answer} answer @param {{boot: import('./types').Boot, texts: import('./i18n.js').Texts, store: import('./store.js').Store}} context */
function createAdvice({table, masks, state}, {boot, texts, store}) {
  const {t} = texts;
  const advice = relaxations(table, masks).filter(({name}) => inWords(name, state, boot, texts)).slice(0, MOST_ADVICE);
  return h('li.empty', {}, h('b', {}, t('nothing')), h('p', {}, t(advice.length ? 'nothing_relax' : 'nothing_clear')),
    advice.map(({name, gain}) => h('button.relax', {type: 'button', onclick: () => store.set(startOf(KEYS_OF[name]))}, h('span', {}, t('without', {filter: inWords(name, state, boot, texts)})), h('b', {}, t('gain', {n: texts.number(gain)})))),
    h('button.btn', {type: 'button', onclick: () => store.set(withoutFilters(state))}, t('clear_all')));
}
