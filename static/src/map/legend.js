// @ts-check
/** The legend: chooses what the colours mean, explains them with counts, and filters by a click on a class. */

import {h} from './dom.js';
import {icon} from './drawing.js';
import {COLOURINGS} from './state.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./colours.js').Colouring} Colouring */
/** @typedef {import('./i18n.js').Texts} Texts */

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
  const classes = h('div.classes', {id: 'classes', role: 'group', 'aria-label': t('legend_filters')});
  const clusters = createClusterKey(boot, texts);
  box.replaceChildren(fold, h('div.tabs', {role: 'group', 'aria-label': t('colour_by')}, tabs), classes, clusters);

  /** @param {boolean} yes */
  function open(yes) {
    fold.setAttribute('aria-expanded', String(yes));
    box.classList.toggle('open', yes);
  }

  const showClusters = () => (clusters.hidden = !store.get().layers.includes('clusters'));
  store.on(showClusters);
  showClusters();

  return {
    /** @param {State} state @param {Colouring} colouring @param {number[]} counts buildings of each class */
    update(state, colouring, counts) {
      for (const tab of tabs) tab.setAttribute('aria-pressed', String(tab.dataset.by === state.by));
      /** @type {HTMLElement} */ (fold.firstElementChild).textContent = t(`by_${state.by}`);
      const key = colouring.filter || 'only';
      const chosen = state[key];
      const filters = (/** @type {string} */ code) => key === 'only' || code !== 'unknown';
      classes.replaceChildren(
        ...colouring.classes.map(({code, colour, name}, i) => {
          const on = chosen.includes(code);
          const toggle = () => store.set({[key]: on ? chosen.filter(one => one !== code) : [...chosen, code]});
          const inside = [
            h('i.swatch', {style: {background: colour}}),
            h('span', name ?? t(`class_${code}`)),
            h('small', texts.number(counts[i])),
          ];
          return filters(code)
            ? h(
                'button',
                {type: 'button', 'aria-pressed': on, class: chosen.length && !on ? 'off' : '', onclick: toggle},
                inside,
              )
            : h('span.class', inside);
        }),
      );
    },
  };
}

/** What the outlines of the industry clusters mean. @param {import('./types').Boot} boot @param {Texts} texts */
function createClusterKey({words, prefix}, {t}) {
  return h(
    'div.cluster-key',
    h(
      'p',
      h('b', t('layer_clusters')),
      words.industry.map(({name, colour}) => h('span', h('i.outline', {style: {'--of': colour ?? ''}}), name)),
    ),
    h('p.muted', t('cluster_meaning'), ' ', h('a', {href: `${prefix}/about#clusters`}, t('cluster_more'))),
  );
}
