// @ts-check
/** A row of toggles for the values of one filter, each with the number it would give. */

import {h} from './dom.js';

/** @typedef {{code: string, name: string, mark?: Node | null}} Choice */

/**
 * @param {{label: string, choices: Choice[], number: (n: number) => string, single?: boolean}} spec
 * @param {(chosen: string[]) => void} tell
 */
export function createChips({label, choices, number, single = false}, tell) {
  /** @type {Set<string>} */
  let chosen = new Set();
  const buttons = new Map(
    choices.map(({code, name, mark}) => {
      const count = h('small');
      const button = h(
        'button.chip',
        {type: 'button', 'aria-pressed': false, onclick: () => toggle(code)},
        mark,
        h('span', name),
        count,
      );
      return [code, {button, count}];
    }),
  );

  /** @param {string} code */
  function toggle(code) {
    const next = new Set(single ? [] : chosen);
    if (chosen.has(code)) next.delete(code);
    else next.add(code);
    tell(choices.map(choice => choice.code).filter(one => next.has(one)));
  }

  return {
    element: h(
      'fieldset.choices',
      h('legend', label),
      h(
        'div.chips',
        [...buttons.values()].map(({button}) => button),
      ),
    ),
    /** @param {string[]} codes */
    set(codes) {
      chosen = new Set(codes);
      for (const [code, {button}] of buttons) button.setAttribute('aria-pressed', String(chosen.has(code)));
    },
    /** @param {Map<string, number>} counts */
    count(counts) {
      for (const [code, {button, count}] of buttons) {
        const n = counts.get(code) ?? 0;
        count.textContent = number(n);
        button.classList.toggle('none', n === 0);
      }
    },
  };
}
