// @ts-check
/** The legend: chooses what the colours mean, explains them with counts, and filters by a click on a class. */

import {classesOf} from './colours.js';
import {h} from './dom.js';
import {icon} from './drawing.js';
import {COLOURINGS} from './state.js';
import {cellSide, KEY_DOTS} from './style/market.js';
import {ZOOM} from './style/tokens.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./i18n.js').Texts} Texts */
/** @typedef {{code: string, name?: string, colour: string}} Class */

/** @param {{box: HTMLElement, boot: import('./types').Boot, texts: Texts, store: import('./store.js').Store}} context */
export function createLegend({box, boot, texts, store}) {
  const {t} = texts;
  const tabs = COLOURINGS.map(by =>
    h(
      'button',
      {type: 'button', 'aria-pressed': false, 'data-by': by, onclick: () => store.set({by, only: []})},
      t(`by_${by}`),
    ),
  );
  const fold = h(
    'button.fold',
    {
      type: 'button',
      'aria-expanded': false,
      'aria-controls': 'classes',
      onclick: () => open(fold.getAttribute('aria-expanded') !== 'true'),
    },
    h('span'),
    icon('chevron-down', 16),
  );
  const colourings = h('div.tabs', {role: 'group', 'aria-label': t('colour_by')}, tabs);
  const classes = h('div.classes', {id: 'classes', role: 'group', 'aria-label': t('legend_filters')});
  const density = createDensityKey(texts);
  const clusters = createClusterKey(boot, texts);
  box.replaceChildren(fold, colourings, classes, density.element, clusters);

  let by = '';
  /** @type {{code: string, element: HTMLElement, count: HTMLElement}[]} */
  let entries = [];

  /** @param {boolean} yes */
  function open(yes) {
    fold.setAttribute('aria-expanded', String(yes));
    box.classList.toggle('open', yes);
  }

  /** Another colouring has other classes; their counts come with the answer. @param {string} next */
  function rebuild(next) {
    by = next;
    const found = classesOf(by, boot);
    const key = found.filter || 'only';
    entries = found.classes.map(one => createEntry(one, key === 'only' || one.code !== 'unknown', texts, toggle));
    classes.replaceChildren(...entries.map(({element}) => element));

    /** @param {string} code */
    function toggle(code) {
      const chosen = store.get()[key];
      store.set({[key]: chosen.includes(code) ? chosen.filter(one => one !== code) : [...chosen, code]});
    }
  }

  return {
    /** @param {State} state */
    follow(state) {
      if (state.by !== by) rebuild(state.by);
      const chosen = state[classesOf(by, boot).filter || 'only'];
      const far = boot.mode === 'window' && state.at.zoom < ZOOM.outlines;
      for (const tab of tabs) tab.setAttribute('aria-pressed', String(tab.dataset.by === by));
      /** @type {HTMLElement} */ (fold.firstElementChild).textContent = t(far ? 'density' : `by_${by}`);
      colourings.hidden = classes.hidden = far;
      density.show(far, cellSide(state.at));
      clusters.hidden = !state.layers.includes('clusters');
      for (const {code, element} of entries) {
        const on = chosen.includes(code);
        if (element.localName === 'button') element.setAttribute('aria-pressed', String(on));
        element.classList.toggle('off', chosen.length > 0 && !on);
      }
    },
    /** Buildings of each class; null while that is not known. @param {number[] | null} counts */
    count(counts) {
      entries.forEach(({count}, i) => (count.textContent = counts ? texts.number(counts[i]) : ''));
    },
  };
}

/**
 * @param {Class} one
 * @param {boolean} filters whether a click on it filters
 * @param {Texts} texts
 * @param {(code: string) => void} toggle
 */
function createEntry({code, colour, name}, filters, {t}, toggle) {
  const count = h('small');
  const inside = [h('i.swatch', {style: {background: colour}}), h('span', name ?? t(`class_${code}`)), count];
  const element = filters
    ? h('button', {type: 'button', 'aria-pressed': false, onclick: () => toggle(code)}, inside)
    : h('span.class', inside);
  return {code, element, count};
}

/** What the dots mean that stand for buildings from afar. @param {Texts} texts */
function createDensityKey({t, number}) {
  const said = h('span');
  const dots = KEY_DOTS.map(({share, colour}) => h('i.dot', {style: {'--share': String(share), background: colour}}));
  const element = h(
    'div.density-key',
    {hidden: true},
    h('p', h('b', t('density')), h('small', t('little')), h('span.dots', {'aria-hidden': true}, dots), h('small', t('much'))),
    h('p.muted', said),
  );
  return {
    element,
    /** @param {boolean} yes @param {number} side of the square that a dot stands for, in m */
    show(yes, side) {
      element.hidden = !yes;
      said.textContent = t('density_meaning', {m: number(side)});
    },
  };
}

/** What the outlines of the industry clusters mean. @param {import('./types').Boot} boot @param {Texts} texts */
function createClusterKey({words, prefix, urls}, {t}) {
  return h(
    'div.cluster-key',
    h(
      'p',
      h('b', t('layer_clusters')),
      words.industry.map(({name, colour}) => h('span', h('i.outline', {style: {'--of': colour ?? ''}}), name)),
    ),
    h('p.muted', t('cluster_meaning'), ' ', h('a', {href: `${urls.about ?? `${prefix}/about`}#clusters`}, t('cluster_more'))),
  );
}
