// @ts-check
/** Suggestions under the search field: a combobox whose list the arrow keys walk, whatever is chosen is gone to. */

import {afterPause, h, part} from './dom.js';
import {icon} from './drawing.js';
import {momentQuery} from './past.js';
import {cameraOver} from './result-row.js';

/** @typedef {import('./types').Suggestion} Suggestion */
/** @typedef {import('./types').Page} Page */

const PAUSE_MS = 120;
const LIMIT = 12;
const CLOSE_ZOOM = 17;
const ICONS = {
  building: 'building-2',
  unit: 'door-open',
  area: 'scan',
  metro: 'train-front-tunnel',
  address: 'map-pin',
  enterprise: 'briefcase',
};

/** @param {HTMLInputElement} field @param {Page} page */
export function suggestTo(field, page) {
  const {data, store, texts} = page;
  const list = part('suggest');
  const said = h('span.unseen', {role: 'status'});
  /** @type {Suggestion[]} */
  let items = [];
  let active = -1;
  /** @type {AbortController | null} */
  let asking = null;
  const later = afterPause(ask);

  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  field.setAttribute('aria-expanded', 'false');
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', texts.t('suggestions'));
  list.after(said);

  async function ask() {
    asking?.abort();
    const typed = field.value.trim();
    if (!typed || !data.suggest) return close();
    asking = new AbortController();
    const {lng, lat} = store.get().at;
    const query = new URLSearchParams({q: typed, limit: String(LIMIT), at: `${lng.toFixed(4)},${lat.toFixed(4)}`});
    const asked = [query, momentQuery(store.get())].filter(String).join('&');
    const {signal} = asking;
    const answer = await data.suggest(asked, signal).catch(() => null);
    if (answer && !signal.aborted && document.activeElement === field) open(answer.items);
  }

  /** @param {Suggestion[]} found */
  function open(found) {
    items = found;
    active = -1;
    const kinds = [...new Set(items.map(item => item.kind))];
    list.replaceChildren(...kinds.map(kind => groupOf(kind)));
    if (!items.length) list.append(h('p', texts.t('suggest_none')));
    said.textContent = texts.t(items.length ? 'suggest_some' : 'suggest_none', {n: items.length});
    list.hidden = false;
    field.setAttribute('aria-expanded', 'true');
    field.removeAttribute('aria-activedescendant');
  }

  function close() {
    asking?.abort();
    items = [];
    list.hidden = true;
    said.textContent = '';
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  /** @param {Suggestion['kind']} kind */
  function groupOf(kind) {
    const options = items.flatMap((item, i) => (item.kind === kind ? [option(item, i)] : []));
    const heading = h('h3', {id: `suggest-${kind}`, role: 'presentation'}, texts.t(`kind_${kind}`));
    return h('div', {role: 'group', 'aria-labelledby': heading.id}, heading, options);
  }

  /** @param {Suggestion} item @param {number} i */
  function option(item, i) {
    const {name, where, told, good} = wordsOf(item, page);
    const drawing = item.kind === 'amenity' ? amenityIcon(item, page) : ICONS[item.kind];
    return h(
      'div',
      {id: `suggest-${i}`, role: 'option', 'aria-selected': false, onclick: () => choose(item)},
      icon(drawing, 18),
      h('span', h('b', name), where && h('div.where', where)),
      told && h(good ? 'span.told.ok' : 'span.told', told),
    );
  }

  /** @param {number} step */
  function move(step) {
    active = (active + step + (active < 0 && step < 0 ? 1 : 0) + items.length) % items.length;
    for (const [i, row] of list.querySelectorAll('[role="option"]').entries()) {
      row.setAttribute('aria-selected', String(i === active));
      if (i === active) row.scrollIntoView({block: 'nearest'});
    }
    field.setAttribute('aria-activedescendant', `suggest-${active}`);
  }

  /** @param {Suggestion} item */
  function choose(item) {
    close();
    field.blur();
    go(item, page);
  }

  field.addEventListener('input', () => later(PAUSE_MS));
  field.addEventListener('focus', () => field.value.trim() && later(PAUSE_MS));
  field.addEventListener('blur', () => close());
  // A click on the list must not take the focus away before it is heard.
  list.addEventListener('pointerdown', event => event.preventDefault());
  field.addEventListener('keydown', event => {
    if (event.isComposing || list.hidden) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && items.length) move(step);
    else if (event.key === 'Enter' && items[active]) choose(items[active]);
    else if (event.key === 'Enter') close();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  if (field.value.trim()) later(PAUSE_MS);
}

/** What a row says. @param {Suggestion} item @param {Page} page */
function wordsOf(item, {texts}) {
  const place = texts.name(item.where, item.where_en);
  const name = texts.name(item.name, item.name_en);
  if (item.kind === 'unit') {
    const told = texts.word('occupancy', item.word);
    return {name: `${place} ${name}`, where: '', told, good: item.word === 'vacant'};
  }
  if (item.kind === 'enterprise') return {name, where: place, told: texts.word('industry', item.word)};
  if (item.kind === 'amenity') return {name, where: place, told: texts.word('amenity', item.word)};
  const told = item.units_to_let ? texts.t('units_to_let', {n: item.units_to_let}) : '';
  return {name, where: place, told, good: Boolean(told)};
}

/** @param {Suggestion} item @param {Page} page */
const amenityIcon = (item, {boot}) => boot.words.amenity.find(({code}) => code === item.word)?.icon ?? 'map-pin';

/** Select a building, look within an area, fly to a place, open the page of a unit. @param {Suggestion} item @param {Page} page */
function go(item, {store, unitAddress}) {
  const building = item.kind === 'building' ? item.code : item.building?.code;
  if (item.kind === 'unit') location.assign(unitAddress(item.code, building ?? ''));
  else if (item.kind === 'area') store.set({q: '', within: [item.code], ...(item.bbox && {at: cameraOver(item.bbox)})});
  else if (building) store.set({q: '', b: building, floor: null});
  else if (item.location) {
    const [lng, lat] = item.location;
    store.set({q: '', at: {lng, lat, zoom: Math.max(store.get().at.zoom, CLOSE_ZOOM)}});
  }
}
