// @ts-check
/** Names the sources of what is on screen, and of nothing else. */

import {h} from './dom.js';
import {TILES_OF} from './layers.js';

/** @typedef {import('./types').Attribution} Attribution */

const ALWAYS = ['buildings', 'ground', 'state'];

/**
 * The sources whose layers are switched on and whose area is in view.
 * @param {Attribution[]} all
 * @param {string[]} switches
 * @param {import('./types').Box} view
 * @returns {Attribution[]}
 */
export function onScreen(all, switches, view) {
  const layers = new Set([
    ...ALWAYS,
    ...switches.flatMap(name => /** @type {Record<string, string[]>} */ (TILES_OF)[name] ?? []),
  ]);
  return all.filter(
    ({layers: own, bounds}) => (!own || own.some(layer => layers.has(layer))) && (!bounds || overlap(bounds, view)),
  );
}

/** @param {import('./types').Box} a @param {import('./types').Box} b */
const overlap = (a, b) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** @param {HTMLElement} box @param {Attribution[]} sources @param {string} label */
export function writeAttribution(box, sources, label) {
  box.replaceChildren(
    ...(sources.length
      ? [
          label,
          ...sources.flatMap(({text, url}, i) => [
            i ? ' · ' : ' ',
            url ? h('a', {href: url, rel: 'noopener nofollow'}, text) : text,
          ]),
        ]
      : []),
  );
}
