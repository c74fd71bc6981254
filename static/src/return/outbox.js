// @ts-check
/**
 * Sends returns, and keeps them until the server has answered that it has them.
 *
 * A letter carries the key of its sending: however often it goes, the server takes it in once. It waits while there is
 * no network or nobody is signed in, and goes by itself when the network is back or a page of returns is opened.
 */

import {dropLetter, dropOrigin, lettersOf, putLetter} from './kept.js';
import {text} from './text.js';

/** @typedef {import('./kept.js').Letter} Letter */
/** @typedef {{state: 'sent', address: string} | {state: 'waits' | 'signed_out'} | {state: 'refused', detail: string}} Fate */

const AGAIN_MS = 30_000;
const PATIENCE_MS = 25_000;

/** @param {HTMLElement} page */
export function startOutbox(page) {
  const owner = page.dataset.owner ?? '';
  const ready = page.dataset.ready ?? '';
  let busy = false;

  /** @param {Letter} letter @returns {Promise<Fate>} */
  async function post(letter) {
    try {
      const token = await tokenOf(ready, owner);
      if (token === null) return {state: 'signed_out'};
      const body = new URLSearchParams([['csrf_token', token], ...letter.entries]);
      const headers = {Accept: 'application/json'};
      const answer = await fetch(letter.target, {method: 'POST', body, headers, signal: AbortSignal.timeout(PATIENCE_MS)});
      if (answer.ok && isJson(answer)) return {state: 'sent', address: (await answer.json()).address};
      if (answer.status === 401) return {state: 'signed_out'};
      if ([403, 404, 410, 413, 422].includes(answer.status))
        return {state: 'refused', detail: isJson(answer) ? (await answer.json()).detail : String(answer.status)};
      return {state: 'waits'};
    } catch {
      return {state: 'waits'};
    }
  }

  /** Send what waits; gives what became of one letter. @param {string} [id] @returns {Promise<Fate | null>} */
  async function flush(id) {
    if (busy) return null;
    busy = true;
    /** @type {Fate | null} */
    let own = null;
    try {
      for (const letter of lettersOf(owner)) {
        const fate = await post(letter);
        if (fate.state === 'sent') {
          dropLetter(letter.id);
          if (letter.origin) dropOrigin(letter.origin);
          if (letter.id !== id) arrived(letter, fate.address);
        }
        if (letter.id === id) own = fate;
        if (fate.state !== 'sent') {
          show(fate);
          if (fate.state !== 'refused') break;
        }
      }
    } finally {
      busy = false;
    }
    return own;
  }

  /** @param {Fate} fate */
  function show(fate) {
    const place = /** @type {HTMLElement | null} */ (page.querySelector('.outbox'));
    if (!place) return;
    const n = lettersOf(owner).length;
    place.hidden = false;
    place.className = `note ${fate.state === 'refused' ? 'danger' : 'warn'} outbox`;
    if (fate.state === 'refused') place.textContent = text('refused', {detail: fate.detail});
    else place.textContent = text(fate.state === 'signed_out' ? 'signIn' : 'queued', {n});
    if (fate.state === 'signed_out' && text('signinAddress')) place.append(' ', linkTo(`${text('signinAddress')}?next=${encodeURIComponent(location.pathname)}`, text('login')));
    place.scrollIntoView({block: 'nearest'});
  }
  /** Say that what had waited has arrived. @param {Letter} letter @param {string} address */
  function arrived(letter, address) {
    const place = /** @type {HTMLElement | null} */ (page.querySelector('.outbox'));
    if (!place) return;
    place.hidden = false;
    place.className = 'note ok outbox';
    place.textContent = text('arrived', {name: letter.name});
    place.append(' ', linkTo(address, text('receipt')));
  }

  if (lettersOf(owner).length) void flush();
  addEventListener('online', () => void flush());
  setInterval(() => void (lettersOf(owner).length && flush()), AGAIN_MS);

  return {
    /**
     * @param {HTMLFormElement} form
     * @param {import('./kept.js').Entries} entries
     * @param {import('./draft.js').Drafting | null} draft
     */
    async send(form, entries, draft) {
      const button = /** @type {HTMLButtonElement} */ (form.querySelector('button:not([type="button"])'));
      const key = entries.find(([name]) => name === 'key')?.[1] ?? '';
      const letter = {
        id: key, owner, name: form.dataset.name ?? page.dataset.name ?? '', target: form.action, entries, at: Date.now(),
        origin: draft?.origin() ?? null,
      };
      if (!putLetter(letter)) return form.submit();
      const said = button.textContent;
      button.disabled = true;
      button.textContent = text('sending');
      const fate = await flush(letter.id);
      if (fate?.state === 'sent') {
        location.assign(fate.address);
        return;
      }
      button.textContent = said;
      button.disabled = false;
      if (fate?.state === 'refused') dropLetter(letter.id);
    },
  };
}

/** @param {Response} answer */
const isJson = answer => (answer.headers.get('Content-Type') ?? '').includes('json');

/** A token to send with, if the one who wrote is signed in; nothing otherwise. @param {string} ready @param {string} owner */
async function tokenOf(ready, owner) {
  const answer = await fetch(ready, {headers: {Accept: 'application/json'}, signal: AbortSignal.timeout(PATIENCE_MS)});
  if (!answer.ok && answer.status >= 500) throw new Error(String(answer.status));
  if (!answer.ok || !isJson(answer)) return null;
  const found = await answer.json();
  return found.owner === owner ? /** @type {string} */ (found.token) : null;
}

/** @param {string} address @param {string} name */
function linkTo(address, name) {
  const link = document.createElement('a');
  link.href = address;
  link.textContent = name;
  return link;
}
