// @ts-check
/**
 * The reader's own shortlist, kept in this browser alone: links with `data-pick` become buttons that toggle at once, the
 * bar counts, and the page of the list keeps what is done there. Everything works without it, by addresses.
 */

import {comparing} from './shortlist/compare.js';
import {format, holds, merge, parse, toggle} from './shortlist/list.js';

const KEY = 'loumap.shortlist';
/** Set while the list on the page is the reader's own, so that the next page of it is kept. */
const OWN = 'loumap.shortlist.own';
const FULL_MS = 4000;

/** What browsers keep, or nothing where they are told to keep nothing. @param {() => string | null} ask */
function kept(ask) {
  try {
    return ask() ?? '';
  } catch {
    return '';
  }
}
const load = () => parse(kept(() => localStorage.getItem(KEY)));

/** @param {import('./shortlist/list.js').List} list */
function save(list) {
  kept(() => (localStorage.setItem(KEY, format(list)), null));
  mark();
}

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
const all = (selector, within = document) => [...within.querySelectorAll(selector)].map(each => /** @type {HTMLElement} */ (each));
/** @param {HTMLElement} link */
const codesOf = link => (link.dataset.pick ?? '').split(',').filter(Boolean);

/** Say everywhere on the page what is on the list. */
function mark() {
  const list = load();
  for (const link of all('[data-pick]')) {
    link.setAttribute('role', 'button');
    link.toggleAttribute('data-picked', holds(list, codesOf(link)));
  }
  for (const bar of all('[data-picks]')) {
    const query = format(list);
    bar.setAttribute('href', `${bar.dataset.picks}${query && '?'}${query}`);
    count(bar, list.codes.length ? String(list.codes.length) : '');
  }
}

/** @param {HTMLElement} bar @param {string} text */
function count(bar, text) {
  const place = bar.querySelector('b');
  if (place && place.textContent !== text) place.textContent = text;
  place?.toggleAttribute('hidden', !text);
}

/** @param {HTMLElement} link */
function pick(link) {
  const list = toggle(load(), codesOf(link));
  if (list) return save(list);
  for (const bar of all('[data-picks]')) count(bar, bar.dataset.full ?? '');
  setTimeout(mark, FULL_MS);
}

document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('[data-pick]') : null;
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  pick(/** @type {HTMLElement} */ (link));
});
document.addEventListener('keydown', event => {
  const link = event.target instanceof Element ? event.target.closest('[data-pick]') : null;
  if (!link || event.key !== ' ') return;
  event.preventDefault();
  pick(/** @type {HTMLElement} */ (link));
});
/** The page that makes links gets the address as it is now. */
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('[data-share-page]') : null;
  if (link && !document.getElementById('boot'))
    link.setAttribute('href', `${link.getAttribute('data-share-page')}?to=${encodeURIComponent(location.pathname + location.search)}`);
});
addEventListener('storage', event => event.key === KEY && mark());
addEventListener('pageshow', mark);

/** The card of the map puts up units whenever a building or a floor is chosen. */
const card = document.getElementById('card');
if (card) new MutationObserver(mark).observe(card, {childList: true, subtree: true});

/** The page of the list. @param {HTMLElement} page */
function listPage(page) {
  const shown = parse(page.dataset.shortlist ?? '');
  const ours = load();
  if (!shown.codes.length) {
    if (kept(() => sessionStorage.getItem(OWN))) save(shown);
    else if (ours.codes.length) location.replace(`${location.pathname}?${format(ours)}`);
    return own(false);
  }
  const mine = kept(() => sessionStorage.getItem(OWN)) === '1' || format(shown) === format(ours);
  own(false);
  if (mine) save(shown);
  else offer(page, shown);
  for (const form of all('form', page)) form.addEventListener('submit', () => own(mine));
  for (const form of all('[data-form]', page)) form.addEventListener('change', () => follow(page, /** @type {HTMLFormElement} */ (form), mine));
}

/** @param {boolean} is */
const own = is => kept(() => (is ? sessionStorage.setItem(OWN, '1') : sessionStorage.removeItem(OWN), null));

/** Somebody else's list can be added to ours. @param {HTMLElement} page @param {import('./shortlist/list.js').List} shown */
function offer(page, shown) {
  for (const note of all('[data-foreign]', page)) {
    note.hidden = holds(load(), shown.codes);
    note.querySelector('[data-keep]')?.addEventListener('click', () => {
      save(merge(load(), shown));
      note.hidden = true;
    });
  }
}

/**
 * A note was written: the address, the exports and the list in this browser have it at once.
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 * @param {boolean} mine
 */
function follow(page, form, mine) {
  const written = new URLSearchParams();
  for (const [name, value] of new FormData(form)) written.append(name, String(value));
  const list = parse(written.toString());
  const query = format(list);
  history.replaceState(null, '', `?${query}`);
  for (const link of all('[data-list]', page)) link.setAttribute('href', `${link.dataset.list}?${query}`);
  for (const share of page.querySelectorAll('input[data-share]'))
    /** @type {HTMLInputElement} */ (share).value = `${location.origin}${location.pathname}?${query}`;
  if (mine) save(list);
}

for (const share of document.querySelectorAll('input[data-share]')) share.addEventListener('focus', () => /** @type {HTMLInputElement} */ (share).select());
for (const page of all('[data-shortlist]')) listPage(page);
mark();
kept(() => (comparing(), null));
