// @ts-check
/** A building's floors as lines of their units, top floor first: a small stacking plan that arrow keys walk through. */

import {h} from './dom.js';
import {areasByState} from './slices.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').FloorDetail} Floor */
/** @typedef {import('./types').Page} Page */

/** Height of the whole plan, and of one floor with its joint, in px. */
const PLAN = 300;
const LEAST_STEP = 6;
const MOST_STEP = 16;

/** @param {Detail} detail @param {Page & {onFloor: (floor: number | null) => void}} page */
export function createTower(detail, page) {
  const {store, texts, onFloor} = page;
  const choose = (/** @type {number} */ floor) => store.set({floor: store.get().floor === floor ? null : floor});
  const floors = [...detail.floors].sort((a, b) => b.position - a.position);
  const lines = floors.map(floor => createLine(floor, page, choose));
  lines[0]?.setAttribute('tabindex', '0');
  const step = Math.max(LEAST_STEP, Math.min(MOST_STEP, Math.floor(PLAN / (lines.length || 1))));
  const joint = step > 8 ? 2 : 1;
  const element = h(
    'ol.tower',
    {
      role: 'listbox',
      'aria-label': texts.t('floors_label'),
      style: {'--floor': `${step - joint}px`, '--joint': `${joint}px`},
      onpointerover: (/** @type {PointerEvent} */ event) => onFloor(floorOf(/** @type {Element} */ (event.target))),
      onpointerleave: () => onFloor(null),
      onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, lines, choose),
    },
    lines,
  );
  return {
    element,
    /**
     * Set a flag on the lines of one floor alone.
     * @param {'aria-selected' | 'data-lit'} flag
     * @param {number | null} floor
     */
    mark(flag, floor) {
      for (const line of lines) line.setAttribute(flag, String(Number(line.dataset.floor) === floor));
    },
  };
}

/** @param {Floor} floor @param {Page} page @param {(floor: number) => void} choose */
function createLine(floor, {texts}, choose) {
  const {t} = texts;
  const states = Object.entries(areasByState(floor));
  const said = states.length
    ? states.map(([state, area]) => `${texts.word('occupancy', state)} ${texts.area(area)}`).join(t('list_separator'))
    : t('no_units');
  const segments = floor.units.map(unit =>
    h(`i.st-${unit.occupancy}`, {style: {'flex-grow': String(Number(unit.area_m2) || 1)}}),
  );
  const attributes = {
    role: 'option',
    'aria-selected': false,
    'aria-label': `${floor.label} ${said}`,
    title: `${floor.label} · ${said}`,
    'data-floor': floor.position,
    tabindex: -1,
    onclick: () => choose(floor.position),
  };
  return h(
    'li',
    attributes,
    h('span', floor.label),
    h('span.segments', segments.length ? segments : h('i.st-service')),
  );
}

/** @param {Element} element */
function floorOf(element) {
  const line = /** @type {HTMLElement | null} */ (element.closest('[data-floor]'));
  return line ? Number(line.dataset.floor) : null;
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} lines @param {(floor: number) => void} choose */
function walk(event, lines, choose) {
  const at = lines.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1}[event.key];
  if (event.key === 'Enter' || event.key === ' ') choose(Number(lines[at]?.dataset.floor));
  else if (next === undefined) return;
  event.preventDefault();
  if (next === undefined || !lines[next]) return;
  lines.forEach((line, i) => line.setAttribute('tabindex', i === next ? '0' : '-1'));
  lines[next].focus();
}
