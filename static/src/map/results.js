// @ts-check
/** The list of matching buildings: counts, order, and rows that light up together with the map. */

import {h, part, soon} from './dom.js';
import {createAdvice, createRow} from './result-row.js';
import {order} from './results-model.js';
import {SORTS} from './state.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Page} Page */

const PAGE_ROWS = 30;

/** @param {Page & {onHover: (id: number) => void}} page `onHover` is told the building under the pointer, 0 for none */
export function createResults(page) {
  const {boot, texts, store, onHover} = page;
  const list = part('results');
  const sort = createSort(page);
  /** @type {Answer | null} */
  let answer = null;
  /** @type {number[]} */
  let rows = [];
  let shown = 0;
  part('results-head').append(sort);
  connect(list, code => store.set({b: code, floor: null}), onHover);

  const links = () => /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll('a.result'));
  const mark = (/** @type {string} */ code) =>
    links().forEach(link => link.setAttribute('aria-current', String(link.dataset.code === code)));

  /** Add the next page of rows. */
  function more() {
    if (!answer) return;
    const next = rows.slice(shown, shown + PAGE_ROWS);
    shown += next.length;
    list.querySelector('.more')?.remove();
    for (const b of next) list.append(createRow(answer, b, page));
    const text = texts.t('show_more', {n: texts.number(rows.length - shown)});
    if (shown < rows.length) list.append(h('li.more', h('button.btn', {type: 'button', onclick: more}, text)));
  }

  const draw = soon(() => {
    if (!answer) return;
    const {table, masks, found, state} = answer;
    rows = order(table, masks, found, state.sort, boot.locale);
    shown = 0;
    sort.value = state.sort;
    list.replaceChildren(...(rows.length ? [] : [createAdvice(answer, page)]));
    more();
    mark(state.b);
  });

  return {
    mark,
    /** The data did not come: say so, keeping what is there. @param {string} reason */
    fail(reason) {
      console.warn(reason);
      list.prepend(h('li.empty', {role: 'alert'}, texts.t('load_failed')));
    },
    /** @param {Answer} next */
    update(next) {
      answer = next;
      count(next, texts);
      draw();
    },
    /** Light up the row of a building that the pointer is on in the map. @param {number} id */
    light: id => links().forEach(link => link.classList.toggle('lit', Number(link.dataset.id) === id)),
  };
}

/** @param {Page} page */
function createSort({store, texts}) {
  const options = SORTS.map(code => h('option', {value: code}, texts.t(`sort_${code}`)));
  const sort = h(
    'select',
    {id: 'sort', 'aria-label': texts.t('sort'), onchange: () => store.set({sort: sort.value})},
    options,
  );
  return sort;
}

/** @param {Answer} answer @param {import('./i18n.js').Texts} texts */
function count({found, state, table}, texts) {
  const sums = {n: texts.number(found.rows.length), area: texts.area(found.totalArea)};
  part('count').textContent = texts.number(found.bare ? found.rows.length : found.totalUnits);
  const said = found.bare ? texts.t('count_buildings') : texts.t('count_detail', sums);
  part('count-detail').textContent = state.date ? `${said} · ${texts.t('as_of', {date: table.asOf})}` : said;
}

/** @param {HTMLElement} list @param {(code: string) => void} choose @param {(id: number) => void} onHover */
function connect(list, choose, onHover) {
  const rowOf = (/** @type {Event} */ event) =>
    /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('a.result'));

  list.addEventListener('click', event => {
    const row = rowOf(event);
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(row.dataset.code ?? '');
  });
  list.addEventListener('keydown', event => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('a.result')]);
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (!step || at < 0) return;
    event.preventDefault();
    rows[at + step]?.focus();
  });
  for (const name of ['pointerover', 'focusin'])
    list.addEventListener(name, event => onHover(Number(rowOf(event)?.dataset.id ?? 0)));
  for (const name of ['pointerleave', 'focusout']) list.addEventListener(name, () => onHover(0));
}
