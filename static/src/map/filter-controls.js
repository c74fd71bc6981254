// @ts-check
/** The controls of the filters, each with the counts that its values would give. */

import {createChips} from './chips.js';
import {h} from './dom.js';
import {icon} from './drawing.js';
import {rentFactor} from './filters.js';
import {createRange} from './range.js';
import {createShapeControl} from './shape-control.js';
import {startOf, WALK_M_MIN} from './state.js';
import {createWalkControl} from './walk-control.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Page} Page */
/** @typedef {(counts: import('./types').Counts, state: State) => void} Count */
/** @typedef {{element: HTMLElement, set: (state: State) => void, count: Count}} Control */

const AREAS = [50, 100, 150, 200, 300, 400, 500, 700, 1000, 1500, 2000, 3000, 5000];
/** @type {Record<string, number[]>} */
const RENTS = {
  cny_m2_day: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10],
  cny_m2_month: [30, 45, 60, 75, 90, 105, 120, 135, 150, 180, 210, 240, 300],
};
const REACHES_M = ['200', '400', '500', '800', '1000', '1200'];
/** @type {Record<string, [number, number | null]>} */
const BANDS = {low: [1, 10], middle: [11, 20], high: [21, null]};

/**
 * Rule of `filters.js` → what sets it; null where the data has nothing to choose from.
 * @type {Record<string, (page: Page) => Control | null>}
 */
export const CONTROLS = {
  area: page =>
    range(
      page,
      'area',
      () => AREAS,
      () => 'm²',
      () => 1,
    ),
  rent: page => rent(page),
  floor: page => floors(page),
  grade: page => words(page, 'grade'),
  star: page => words(page, 'star'),
  industry: page => words(page, 'industry'),
  theme: page => words(page, 'theme'),
  fitout: page => words(page, 'fitout'),
  status: page => words(page, 'status'),
  occupancy: page => words(page, 'occupancy'),
  within: page => words(page, 'within', page.boot.areas),
  cluster: page => words(page, 'cluster', page.boot.clusters),
  near: page => near(page),
  available_by: page => date(page),
  shape: page => createShapeControl(page),
  stale: page => stale(page),
  walk_from: page => createWalkControl(page),
};

/**
 * @param {Page} page
 * @param {'grade' | 'star' | 'industry' | 'theme' | 'fitout' | 'status' | 'occupancy' | 'within' | 'cluster'} key
 * @param {{code: string, name: string, colour?: string}[]} [list]
 * @returns {Control | null}
 */
function words({boot, texts, store}, key, list = boot.words[/** @type {'grade'} */ (key)]) {
  if (!list?.length) return null;
  const choices = list.map(({code, name, colour}) => ({
    code,
    name,
    mark: colour ? h('i.swatch', {style: {background: colour}}) : null,
  }));
  const chips = createChips({label: texts.t(`label_${key}`), choices, number: texts.number}, chosen =>
    store.set({[key]: chosen}),
  );
  return {
    element: chips.element,
    set: state => chips.set(state[key]),
    count: counts => chips.count(counts.values(key)),
  };
}

/**
 * @param {Page} page
 * @param {'area' | 'rent'} name
 * @param {() => number[]} edges
 * @param {() => string} unit
 * @param {() => number} factor from what is shown to the unit of the columns
 * @returns {Control}
 */
function range({texts, store}, name, edges, unit, factor) {
  const slider = createRange({name, label: texts.t(`filter_${name}`), unit, edges, any: texts.t('any'), write: texts.decimal}, (low, high) =>
    store.set({[`${name}_min`]: low, [`${name}_max`]: high}),
  );
  return {
    element: slider.element,
    set: state => slider.set(state[`${name}_min`], state[`${name}_max`]),
    count: counts =>
      slider.bars(
        counts.spread(
          name,
          edges().map(edge => edge * factor()),
        ),
      ),
  };
}

/** @param {Page} page @returns {Control} */
function rent(page) {
  const {texts, store, boot} = page;
  const unit = () => store.get().rent_unit;
  const inner = range(
    page,
    'rent',
    () => RENTS[unit()],
    () => texts.t(`unit_${unit()}`),
    () => rentFactor(unit()),
  );
  const units = createChips(
    {label: texts.t('rent_unit'), choices: boot.words.rent_units, number: () => '', single: true},
    ([chosen]) => {
      if (chosen) store.set({rent_unit: chosen, ...startOf(['rent_min', 'rent_max'])});
    },
  );
  return {
    element: h('div', inner.element, units.element),
    set(state) {
      inner.set(state);
      units.set([state.rent_unit]);
    },
    count: inner.count,
  };
}

/** @param {Page} page @returns {Control} */
function floors({texts, store}) {
  const {t} = texts;
  const fields = ['floor_min', 'floor_max'].map(key =>
    h('input', {
      type: 'number',
      min: -20,
      max: 300,
      step: 1,
      'aria-label': t(`label_${key}`),
      placeholder: t(`label_${key}`),
      onchange: (/** @type {any} */ event) =>
        store.set({[key]: event.target.value === '' ? null : Math.round(Number(event.target.value))}),
    }),
  );
  const bands = createChips(
    {
      label: t('floor_bands'),
      choices: Object.keys(BANDS).map(code => ({code, name: t(`band_${code}`)})),
      number: () => '',
      single: true,
    },
    ([band]) => {
      const [low, high] = band ? BANDS[band] : [null, null];
      store.set({floor_min: low, floor_max: high});
    },
  );
  return {
    element: h(
      'div',
      bands.element,
      h('div.ends', fields[0], h('span.muted', '–'), fields[1], h('span.muted', t('floor_unit'))),
    ),
    set({floor_min, floor_max}) {
      [floor_min, floor_max].forEach((floor, end) => (fields[end].value = floor === null ? '' : String(floor)));
      bands.set(
        Object.entries(BANDS)
          .filter(([, [low, high]]) => low === floor_min && high === floor_max)
          .map(([code]) => code),
      );
    },
    count() {},
  };
}

/** Metres, and the minutes on foot where they are whole fives. @param {number} metres @param {Page['texts']} texts */
const reachName = (metres, texts) =>
  metres % (5 * WALK_M_MIN) ? `${metres} m` : texts.t('near_walk', {m: metres, n: metres / WALK_M_MIN});

/** @param {Page} page @returns {Control | null} */
function near({boot, texts, store}) {
  if (!boot.words.amenity.length) return null;
  const reach = createChips(
    {
      label: texts.t('near_reach'),
      choices: REACHES_M.map(code => ({code, name: reachName(Number(code), texts)})),
      number: () => '',
      single: true,
    },
    ([metres]) => store.set({near_m: Number(metres ?? 500)}),
  );
  const choices = boot.words.amenity.map(({code, name, icon: drawing, colour}) => ({
    code,
    name,
    mark: h('i.disc', {style: {background: colour}}, icon(drawing, 12)),
  }));
  const chips = createChips({label: texts.t('label_near'), choices, number: texts.number}, chosen =>
    store.set({near: chosen}),
  );
  return {
    element: h('div', reach.element, chips.element),
    set(state) {
      chips.set(state.near);
      reach.set([String(state.near_m)]);
    },
    count: (counts, state) => chips.count(counts.near(state.near_m)),
  };
}

/** @param {Page} page @returns {Control} */
function date({texts, store}) {
  const field = h('input', {
    type: 'date',
    id: 'available-by',
    onchange: (/** @type {any} */ event) => store.set({available_by: event.target.value}),
  });
  return {
    element: h('div.dated', h('label', {for: field.id}, texts.t('label_available_by')), field),
    set: state => (field.value = state.available_by),
    count() {},
  };
}

/** @param {Page} page @returns {Control} */
function stale({texts, store}) {
  const box = h('input', {type: 'checkbox', onchange: () => store.set({stale: box.checked ? '1' : ''})});
  return {
    element: h('label.check', box, ' ', texts.t('stale_too')),
    set: state => (box.checked = state.stale === '1'),
    count() {},
  };
}
