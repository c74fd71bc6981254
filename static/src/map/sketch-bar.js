// @ts-check
/** What stands over the map while somebody draws on it, and the chip of what was drawn. */

import {h, part} from './dom.js';
import {icon} from './drawing.js';
import {inWords} from './filter-words.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').State} State */
/** @typedef {import('./sketch.js').Mode} Mode */
/**
 * @typedef {object} Acts
 * @property {(mode: Mode) => void} begin
 * @property {() => void} undo
 * @property {() => void} finish
 * @property {() => void} stop
 * @property {() => number} steps
 */

/** The chip of the shape in force, with what takes it away. @param {Page} page @param {Node | null} [more] */
export function createShapeChip({boot, store, texts}, more = null) {
  const words = h('span');
  const remove = h(
    'button.drop',
    {type: 'button', 'aria-label': texts.t('draw_remove'), title: texts.t('draw_remove'), onclick: () => store.set({shape: ''})},
    icon('x', 16),
  );
  return {
    element: h('div.shape-chip', words, more, remove),
    /** @param {State} state */
    show: state => (words.textContent = inWords('shape', state, boot, texts)),
  };
}

/** @param {Page} page @param {Acts} acts */
export function createBar(page, {begin, undo, finish, stop, steps}) {
  const {t} = page.texts;
  const box = part('sketch');
  const button = (/** @type {string} */ name, /** @type {() => void} */ act, kind = 'button') =>
    h(/** @type {'button'} */ (kind), {type: 'button', onclick: act}, t(`draw_${name}`));
  const modes = /** @type {const} */ (['polygon', 'circle']).map(mode => ({
    mode,
    button: button(mode, () => begin(mode)),
  }));
  const hint = h('p', {role: 'status'});
  const [back, done] = [button('undo', undo), button('done', finish, 'button.done')];
  const tools = h('div.tools', h('div.modes', modes.map(each => each.button)), back, done, button('cancel', stop));
  const chip = createShapeChip(page, button('edit', () => begin('polygon')));
  box.replaceChildren(hint, tools, chip.element);

  return {
    /** @param {Mode} mode '' while nobody draws @param {State} state */
    show(mode, state) {
      box.hidden = !mode && !state.shape;
      tools.hidden = !mode;
      chip.element.hidden = mode !== '' || !state.shape;
      chip.show(state);
      const text = t(mode ? `draw_${mode}_hint` : 'draw_edit_hint');
      if (hint.textContent !== text) hint.textContent = text;
      for (const each of modes) each.button.setAttribute('aria-pressed', String(each.mode === mode));
      back.disabled = steps() === 0;
      done.hidden = mode !== 'polygon';
      done.disabled = steps() < 3;
    },
  };
}
