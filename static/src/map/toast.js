// @ts-check
/** A short message over the map. */

import {part} from './dom.js';

const SHOWN_MS = 3500;
let quiet = 0;

/** @param {string} message */
export function say(message) {
  const box = part('toast');
  box.textContent = message;
  box.hidden = false;
  clearTimeout(quiet);
  quiet = window.setTimeout(() => (box.hidden = true), SHOWN_MS);
}
