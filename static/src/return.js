// @ts-check
/**
 * The weekly return on a telephone: units open as a sheet from below, every change is kept in this browser until the
 * server has said that it has it, and what could not be sent goes by itself when there is a network again.
 *
 * Without this script the page is a plain form with the same fields.
 */

import {keepDraft} from './return/draft.js';
import {startOutbox} from './return/outbox.js';
import {openSheets} from './return/sheet.js';
import {text} from './return/text.js';

const page = /** @type {HTMLElement | null} */ (document.querySelector('.return, .returns'));
if (page) {
  start(page);
  openWithoutNetwork();
}

/** @param {HTMLElement} page */
function start(page) {
  const outbox = startOutbox(page);
  const form = /** @type {HTMLFormElement | null} */ (page.querySelector('form.report'));
  if (form) {
    const sheets = openSheets(form, () => draft.changed());
    const draft = keepDraft(form, page, sheets);
    form.addEventListener('submit', event => {
      event.preventDefault();
      outbox.send(form, draft.entries(), draft);
    });
  }
  for (const small of /** @type {NodeListOf<HTMLFormElement>} */ (page.querySelectorAll('form[data-send]')))
    small.addEventListener('submit', event => {
      event.preventDefault();
      outbox.send(small, [...new FormData(small)].map(([name, value]) => [name, String(value)]), null);
    });
}

/** Let pages of returns that were opened once open again in a basement. */
function openWithoutNetwork() {
  if (text('worker')) navigator.serviceWorker?.register(text('worker'), {scope: text('scope')}).catch(() => {});
}
