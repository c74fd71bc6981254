// @ts-check
/** Draws or corrects an outline on a map: what is drawn goes as GeoJSON into the form, which the server looks at. */

import {createDrawing} from './outline/drawing.js';
import {areaOf, polygonsOf, textOf} from './outline/shape.js';
import {createStage} from './outline/stage.js';

/** @typedef {import('./outline/shape.js').Ring} Ring */

const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-drawing]'));
if (box) start(box);

/** @param {HTMLElement} box */
async function start(box) {
  const form = /** @type {HTMLFormElement} */ (box.closest('form'));
  const said = JSON.parse(/** @type {HTMLElement} */ (document.querySelector('[data-drawn]')).textContent ?? '{}');
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector('[name="outline"]'));
  const crs = /** @type {HTMLInputElement} */ (form.querySelector('[name="crs"]'));
  const size = /** @type {HTMLOutputElement} */ (form.querySelector('[data-size]'));
  const first = said.outline ? polygonsOf(said.outline) : [];
  // An outline with a courtyard cannot be drawn here; it is kept as it is and can be pasted.
  if (first === null) return;
  box.hidden = false;
  const map = await createStage(box, said, document.documentElement.lang);
  const drawing = createDrawing(map, first, outlines => {
    tell(outlines);
    text.value = outlines.length ? textOf(outlines) : '';
    crs.value = 'wgs84';
    for (const stale of form.querySelectorAll('[data-save]')) /** @type {HTMLElement} */ (stale).hidden = true;
  });
  /** @param {Ring[]} outlines */
  function tell(outlines) {
    const area = outlines.reduce((sum, ring) => sum + areaOf(ring), 0);
    size.textContent = outlines.length ? `${area.toLocaleString('en', {maximumFractionDigits: 1})} m²` : '';
  }
  tell(first);
  /** @type {Record<string, () => void>} */
  const acts = {edit: drawing.edit, draw: drawing.draw, undo: drawing.undo, reset: () => drawing.show(first)};
  const buttons = /** @type {HTMLButtonElement[]} */ ([...form.querySelectorAll('[data-do]')]);
  for (const button of buttons) button.addEventListener('click', () => acts[button.dataset.do ?? '']?.());
  drawing.onMode(mode => {
    for (const button of buttons)
      if (button.hasAttribute('aria-pressed')) button.setAttribute('aria-pressed', String(button.dataset.do === mode));
  });
  for (const hidden of form.querySelectorAll('[data-tools], [data-help]')) /** @type {HTMLElement} */ (hidden).hidden = false;
  if (first.length) drawing.edit();
  else drawing.draw();
  document.body.dataset.ready = 'outline';
}
