// @ts-check
/** Has the two maps of a comparison move together: wheel, drag, two fingers and keys; on a phone one is shown at a time. */

import {moved, zoomed} from './linked/camera.js';

/** @typedef {import('./linked/camera.js').View} View */

const FARTHEST = 8;
const STEP = 0.15;
const ALONG = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
});

/** @param {HTMLElement} box */
function link(box) {
  const views = /** @type {HTMLElement[]} */ ([...box.querySelectorAll('.view')]);
  const maps = /** @type {SVGSVGElement[]} */ (views.map(view => view.querySelector('svg')));
  const [, , width, height] = (maps[0].getAttribute('viewBox') ?? '').split(' ').map(Number);
  const whole = {x: 0, y: 0, width, height};
  /** @type {View} */
  let view = whole;
  const reset = Object.assign(document.createElement('button'), {type: 'button', className: 'btn reset', hidden: true});
  reset.textContent = box.dataset.reset ?? '';
  reset.addEventListener('click', () => show(whole));
  box.append(reset);

  /** @param {View} next */
  function show(next) {
    view = next;
    for (const map of maps) map.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
    reset.hidden = view.width === width;
  }
  /** Where on the map a pointer is, as shares of its width and height. @param {HTMLElement} of @param {MouseEvent} event */
  function share(of, event) {
    const edge = of.getBoundingClientRect();
    return {x: (event.clientX - edge.left) / edge.width, y: (event.clientY - edge.top) / edge.height};
  }
  for (const of of views) {
    of.tabIndex = 0;
    /** @type {Map<number, {x: number, y: number}>} */
    const fingers = new Map();
    of.addEventListener(
      'wheel',
      event => {
        event.preventDefault();
        show(zoomed(view, whole, 1.0015 ** -event.deltaY, share(of, event), FARTHEST));
      },
      {passive: false},
    );
    of.addEventListener('pointerdown', event => {
      fingers.set(event.pointerId, share(of, event));
    });
    of.addEventListener('pointermove', event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = share(of, event);
      const apart = Math.hypot(now.x - before.x, now.y - before.y);
      // A tap on a link is none of our business; a drag is.
      if (!of.hasPointerCapture(event.pointerId) && apart < 0.01) return;
      of.setPointerCapture(event.pointerId);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (!other) return show(moved(view, whole, before.x - now.x, before.y - now.y));
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
      show(zoomed(view, whole, factor, other, FARTHEST));
    });
    for (const end of ['pointerup', 'pointercancel'])
      of.addEventListener(end, event => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
    of.addEventListener('keydown', event => {
      const middle = {x: 0.5, y: 0.5};
      if (event.key in ALONG) show(moved(view, whole, ...ALONG[event.key]));
      else if (event.key === '+' || event.key === '=') show(zoomed(view, whole, 1.5, middle, FARTHEST));
      else if (event.key === '-') show(zoomed(view, whole, 1 / 1.5, middle, FARTHEST));
      else if (event.key === '0') show(whole);
      else return;
      event.preventDefault();
    });
  }
}

/** Shows one map at a time where there is no room for both. @param {HTMLElement} box */
function switchSides(box) {
  const chips = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll('[data-side]')]);
  const maps = /** @type {HTMLElement[]} */ ([...box.querySelectorAll('[data-map]')]);
  /** @param {number} side */
  const show = side => {
    chips.forEach((chip, at) => chip.setAttribute('aria-pressed', String(at === side)));
    maps.forEach((map, at) => map.classList.toggle('behind', at !== side));
  };
  chips.forEach((chip, at) => chip.addEventListener('click', () => show(at)));
  const group = /** @type {HTMLElement} */ (box.querySelector('.sides'));
  group.hidden = false;
  show(1);
}

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-linked]'))) {
  link(box);
  switchSides(box);
  box.dataset.ready = '';
}
for (const hint of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-hint]'))) hint.hidden = false;
