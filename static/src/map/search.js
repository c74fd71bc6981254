// @ts-check
/** The search field: filters while typing, and suggests whatever has a name; "/" goes there from anywhere. */

import {part} from './dom.js';

/** @param {import('./types').Page} page */
export function createSearch(page) {
  const {store} = page;
  const field = /** @type {HTMLInputElement} */ (part('q'));
  field.value = store.get().q;
  field.addEventListener('input', () => store.set({q: field.value.trim()}));
  field.form?.addEventListener('submit', event => event.preventDefault());
  // What suggests is fetched once somebody is about to type.
  if (page.data.suggest)
    field.addEventListener('focus', () => import('./suggest.js').then(({suggestTo}) => suggestTo(field, page)), {
      once: true,
    });
  store.on(({q}, changed) => {
    if (changed.has('q') && field.value.trim() !== q) field.value = q;
  });
  addEventListener('keydown', event => {
    if (event.key !== '/' || (event.target instanceof HTMLElement && event.target.matches('input, select, textarea')))
      return;
    event.preventDefault();
    field.focus();
  });
}
