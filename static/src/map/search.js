// @ts-check
/** The search field: filters while typing; "/" goes there from anywhere. */

import {part} from './dom.js';

/** @param {{store: import('./store.js').Store}} context */
export function createSearch({store}) {
  const field = /** @type {HTMLInputElement} */ (part('q'));
  field.value = store.get().q;
  field.addEventListener('input', () => store.set({q: field.value.trim()}));
  field.form?.addEventListener('submit', event => event.preventDefault());
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
