// @ts-check
/** The list of matching buildings: counts, order, and rows that light up together with the map. */

import {h, part, soon} from './dom.js';
import {createAdvice, createRow} from './result-row.js';
import {order} from './results-model.js';
import {SORTS, filterQuery} from './state.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Page} Page */
/** @typedef {ReturnType<typeof createRow>} Row */

const PAGE_ROWS = 30;

/** @param {Page & {onHover: (id: number) => void}} page `onHover` is told the building under the pointer, 0 for none */
export function createResults(page) {
  const {boot, texts, store, onHover} = page;
  const list = part('results');
  const sort = createSort(page);
  const leftOut = createLeftOut(page);
  const more = h('button.btn', {type: 'button', onclick: () => show(shown + PAGE_ROWS)});
  const last = h('li.more', more);
  const rest = h('li.more.muted');
  /** Rows made so far; they show whatever stands at their place in the list. @type {Row[]} */
  const pool = [];
  /** @type {Answer | null} */
  let answer = null;
  let shown = 0;
  part('results-head').append(sort);
  // What can be done with a search elsewhere: follow it, take it along. A copy has neither.
  const elsewhere = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('#results-head [data-of-search]'));
  connect(list, code => store.set({b: code, floor: null}), onHover);

  const links = () => pool.slice(0, shown).map(({link}) => link);
  const mark = (/** @type {string} */ code) =>
    links().forEach(link => link.setAttribute('aria-current', String(link.dataset.code === code)));

  /** Show the first rows. @param {number} most */
  function show(most) {
    if (!answer) return;
    const {table, masks, found, state} = answer;
    const rows = order(table, masks, found, state.sort, boot.locale, most);
    while (pool.length < rows.length) pool.push(createRow(page));
    const kept = pool.slice(0, rows.length);
    rows.forEach((b, i) => answer && kept[i].show(answer, b));
    shown = rows.length;
    more.textContent = texts.t('show_more', {n: texts.number(found.buildings - shown)});
    rest.textContent = texts.t('list_ends', {n: texts.number(shown)});
    fill(list, [
      ...(shown ? kept.map(({element}) => element) : [createAdvice(answer, page)]),
      ...(shown < found.rows.length ? [last] : shown < found.buildings && shown ? [rest] : []),
    ]);
    mark(state.b);
    if (!performance.getEntriesByName('list').length) performance.mark('list');
  }

  const draw = soon(() => {
    if (!answer) return;
    sort.value = answer.state.sort;
    for (const link of elsewhere) link.href = `${link.dataset.ofSearch}?${filterQuery(answer.state)}`;
    show(PAGE_ROWS);
    pool.length = Math.min(pool.length, Math.max(shown, PAGE_ROWS));
  });

  return {
    mark,
    /** Something newer has been asked for and is not here yet. */
    wait: () => list.setAttribute('aria-busy', 'true'),
    /** The day that is asked for is being prepared. @param {number} part of it that is done */
    delay(part) {
      list.setAttribute('aria-busy', 'true');
      const bar = h('progress', {max: 1, value: part, 'aria-label': texts.t('preparing')});
      list.replaceChildren(h('li.empty', {role: 'status'}, texts.t('preparing'), bar));
    },
    /** The data did not come: say so, keeping what is there. @param {string} reason */
    fail(reason) {
      console.warn(reason);
      list.prepend(h('li.empty', {role: 'alert'}, texts.t('load_failed')));
    },
    /** @param {Answer} next */
    update(next) {
      answer = next;
      list.setAttribute('aria-busy', 'false');
      count(next, texts);
      leftOut.show(next);
      draw();
    },
    /** Light up the row of a building that the pointer is on in the map. @param {number} id */
    light: id => links().forEach(link => link.classList.toggle('lit', Number(link.dataset.id) === id)),
  };
}

/** Make these the children of a list, leaving those alone that stand right already. @param {HTMLElement} list @param {Element[]} children */
function fill(list, children) {
  children.forEach((child, i) => list.children[i] === child || list.insertBefore(child, list.children[i] ?? null));
  while (list.children.length > children.length) list.lastElementChild?.remove();
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

/**
 * Says how many spaces are left out because nobody has confirmed them for long, and shows or hides them.
 * @param {Page} page
 */
function createLeftOut({store, texts}) {
  const said = h('span');
  const button = h('button.link', {type: 'button', onclick: () => store.set({stale: store.get().stale ? '' : '1'})});
  const line = part('left-out');
  line.append(said, ' ', button);
  return {
    /** @param {Answer} answer */
    show({found, state, table}) {
      line.hidden = !(found.stale || (state.stale && table.staleDays)) || found.bare;
      const words = {n: texts.number(found.stale), days: table.staleDays};
      said.textContent = texts.t(state.stale ? 'stale_shown' : 'stale_hidden', words);
      button.textContent = texts.t(state.stale ? 'stale_hide' : 'stale_show');
    },
  };
}

/** @param {Answer} answer @param {import('./i18n.js').Texts} texts */
function count({found, state, table, inView}, texts) {
  const {t} = texts;
  const sums = {n: texts.number(found.buildings), area: texts.area(found.totalArea)};
  const [buildings, detail] = inView ? ['count_buildings_view', 'count_detail_view'] : ['count_buildings', 'count_detail'];
  part('count').textContent = texts.number(found.bare ? found.buildings : found.totalUnits);
  const said = found.bare ? t(buildings) : t(detail, sums);
  part('count-detail').textContent = [said, ...asOf(state, table.asOf, t)].join(' · ');
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

/**
 * Of which day the counts are, and what was known when.
 * @param {import('./types').State} state
 * @param {string} date
 * @param {(key: string, values?: Record<string, string>) => string} t
 */
const asOf = (state, date, t) => [
  ...(state.date || state.known_at ? [t('as_of', {date})] : []),
  ...(state.known_at ? [t('known_at', {instant: clock(state.known_at)})] : []),
];

/** An instant to the minute where the reader is; a day as it is. @param {string} known */
function clock(known) {
  if (!known.includes('T')) return known;
  const at = new Date(known);
  const pad = (/** @type {number} */ part) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
