// @ts-check
/** A filter from–to: how the values spread as bars, two sliders over them, and two fields for exact numbers. */

import {h} from './dom.js';

/**
 * @typedef {object} Spec
 * @property {string} name
 * @property {string} label
 * @property {() => string} unit
 * @property {string} any what an empty field says
 * @property {() => number[]} edges of the bins, in what is shown
 * @property {(value: number) => string} write
 */

/** @param {Spec} spec @param {(low: number | null, high: number | null) => void} tell */
export function createRange(spec, tell) {
  const bars = h('div.bars', {'aria-hidden': true});
  const sliders = ['from', 'to'].map(end =>
    h('input', {
      type: 'range',
      min: 0,
      step: 1,
      'aria-label': `${spec.label} ${end === 'from' ? '≥' : '≤'}`,
      oninput: slid,
    }),
  );
  const fields = ['from', 'to'].map(end =>
    h('input', {
      type: 'number',
      min: 0,
      step: 'any',
      inputmode: 'decimal',
      placeholder: spec.any,
      'aria-label': `${spec.label} ${end === 'from' ? '≥' : '≤'}`,
      onchange: typed,
    }),
  );
  const unit = h('span.muted');
  /** @type {[number | null, number | null]} */
  let values = [null, null];

  function slid() {
    const edges = spec.edges();
    let [from, to] = sliders.map(slider => Number(slider.value));
    if (from >= to) [from, to] = document.activeElement === sliders[0] ? [to - 1, to] : [from, from + 1];
    choose(from <= 0 ? null : edges[from - 1], to > edges.length ? null : edges[to - 1]);
  }
  function typed() {
    const [low, high] = fields.map(field =>
      field.value === '' || Number(field.value) < 0 ? null : Number(field.value),
    );
    choose(
      ...(low !== null && high !== null && low > high
        ? /** @type {const} */ ([high, low])
        : /** @type {const} */ ([low, high])),
    );
  }
  /** @param {number | null} low @param {number | null} high */
  function choose(low, high) {
    values = [low, high];
    place();
    tell(low, high);
  }
  function place() {
    const edges = spec.edges();
    const at = [
      values[0] === null ? 0 : edges.filter(edge => edge <= /** @type {number} */ (values[0])).length,
      values[1] === null
        ? edges.length + 1
        : Math.max(1, edges.filter(edge => edge < /** @type {number} */ (values[1])).length + 1),
    ];
    sliders.forEach((slider, end) => {
      slider.max = String(edges.length + 1);
      slider.value = String(at[end]);
      slider.setAttribute(
        'aria-valuetext',
        values[end] === null ? '—' : spec.write(/** @type {number} */ (values[end])) + ' ' + spec.unit(),
      );
    });
    fields.forEach((field, end) => (field.value = values[end] === null ? '' : String(values[end])));
    [...bars.children].forEach((bar, bin) => bar.classList.toggle('inside', bin >= at[0] && bin < at[1]));
    unit.textContent = spec.unit();
  }

  return {
    element: h(
      'div.range',
      {role: 'group', 'aria-label': spec.label},
      bars,
      h('div.sliders', sliders),
      h('div.ends', fields[0], h('span.muted', '–'), fields[1], unit),
    ),
    /** @param {number | null} low @param {number | null} high */
    set(low, high) {
      values = [low, high];
      place();
    },
    /** @param {number[]} counts one per bin */
    bars(counts) {
      const most = Math.max(...counts, 1);
      bars.replaceChildren(
        ...counts.map(count => h('i', {style: {height: `${count ? Math.max(6, Math.sqrt(count / most) * 100) : 0}%`}})),
      );
      place();
    },
  };
}
