// @ts-check
/** The filter on a shape without pointer or map: a circle of so many metres around the selected building. */

import {h, part} from './dom.js';
import {LEAST_M, MOST_M, writeShape} from './shapes.js';
import {circle} from './sketch.js';
import {createShapeChip} from './sketch-bar.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').BuildingDetail} Detail */

const USUAL_M = 500;

/** @param {Page} page @returns {import('./filter-controls.js').Control} */
export function createShapeControl(page) {
  const {data, store, texts} = page;
  const field = h('input', {type: 'number', id: 'around-m', min: LEAST_M, max: MOST_M, step: 10, value: USUAL_M});
  const go = h('button.btn', {type: 'submit'}, texts.t('draw_around_go'));
  const hint = h('p.muted', texts.t('draw_around_none'));
  const chip = createShapeChip(page);
  const draw = h('button.link.on-map', {type: 'button', onclick: () => part('draw').click()}, texts.t('draw'));

  /** @param {Event} event */
  async function apply(event) {
    event.preventDefault();
    const {b} = store.get();
    if (!b || !field.checkValidity()) return;
    const {outline} = await data.building(b);
    store.set({shape: writeShape(circle(middle(outline), Number(field.value)))});
  }

  return {
    element: h(
      'fieldset.choices',
      h('legend', texts.t('shape')),
      chip.element,
      h('form.around', {onsubmit: apply}, h('label', {for: field.id}, texts.t('draw_around')), field, go),
      hint,
      draw,
    ),
    set(state) {
      go.disabled = !state.b;
      hint.hidden = state.b !== '';
      chip.element.hidden = !state.shape;
      chip.show(state);
    },
    count: () => {},
  };
}

/** The middle of the corners of a building. @param {Detail['outline']} outline @returns {[number, number]} */
export function middle(outline) {
  const [ring] = outline.type === 'Polygon' ? outline.coordinates : outline.coordinates[0];
  const mean = (/** @type {number} */ axis) => ring.reduce((sum, corner) => sum + corner[axis], 0) / ring.length;
  return [mean(0), mean(1)];
}
