// @ts-check
/**
 * The filters: a row of buttons that say what is chosen; the one pressed opens its controls below, with live counts.
 */

import {calm, h, narrow} from './dom.js';
import {icon} from './drawing.js';
import {CONTROLS} from './filter-controls.js';
import {inWords, KEYS_OF} from './filter-words.js';
import {withoutFilters} from './state.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Page} Page */

/** Section → the rules it holds; the order is that of the buttons. @type {Record<string, string[]>} */
const SECTIONS = {
  area: ['area'],
  rent: ['rent'],
  floor: ['floor'],
  grade: ['grade', 'star'],
  industry: ['industry'],
  near: ['walk_from', 'near'],
  place: ['shape', 'within', 'cluster'],
  more: ['occupancy', 'available_by', 'fitout', 'theme', 'status', 'stale'],
};

/** @param {HTMLElement} box @param {Page} page */
export function createFilterPanel(box, page) {
  const {boot, texts, store} = page;
  const sections = Object.entries(SECTIONS)
    .map(([name, rules]) => createSection(name, rules, page))
    .filter(section => section.controls.length);
  const clear = h(
    'button.link',
    {type: 'button', onclick: () => store.set(withoutFilters(store.get()))},
    texts.t('clear_all'),
  );
  let open = '';
  /** @type {import('./types').Answer | null} */
  let answer = null;
  const opened = () => sections.find(({name}) => name === open);
  const recount = () => answer && opened()?.count(answer);

  for (const section of sections)
    section.button.addEventListener('click', () => {
      open = open === section.name ? '' : section.name;
      for (const {name, button, body} of sections) {
        button.setAttribute('aria-expanded', String(name === open));
        body.hidden = name !== open;
      }
      opened()?.set(store.get());
      recount();
      if (narrow()) section.body.scrollIntoView({block: 'nearest', behavior: calm() ? 'auto' : 'smooth'});
    });
  box.replaceChildren(
    h(
      'div.pills',
      {role: 'group', 'aria-label': texts.t('filters')},
      sections.map(({button}) => button),
      clear,
    ),
    ...sections.map(({body}) => body),
  );

  return {
    /** Say what is asked for. @param {State} state */
    follow(state) {
      for (const section of sections) section.say(state);
      opened()?.set(state);
      clear.hidden = !Object.keys(KEYS_OF).some(rule => inWords(rule, state, boot, texts));
    },
    /** Say what each choice of the open section would give. @param {import('./types').Answer} next */
    count(next) {
      answer = next;
      recount();
    },
  };
}

/** @param {string} name @param {string[]} rules @param {Page} page */
function createSection(name, rules, page) {
  const {boot, texts} = page;
  const controls = rules.map(rule => CONTROLS[rule](page)).filter(control => control !== null);
  const label = h('span', texts.t(`filter_${name}`));
  const body = h(
    'div.section',
    {id: `filter-${name}`, hidden: true},
    controls.map(({element}) => element),
  );
  const button = h(
    'button.pill',
    {type: 'button', 'aria-expanded': false, 'aria-controls': body.id},
    label,
    icon('chevron-down', 14),
  );
  return {
    name,
    controls,
    body,
    button,
    /** @param {State} state */
    say(state) {
      const words = rules.map(rule => inWords(rule, state, boot, texts)).filter(Boolean);
      label.textContent = words.join(' · ') || texts.t(`filter_${name}`);
      button.classList.toggle('on', words.length > 0);
    },
    /** @param {State} state */
    set: state => controls.forEach(control => control.set(state)),
    /** @param {import('./types').Answer} answer */
    count: ({counts, state}) => controls.forEach(control => control.count(counts, state)),
  };
}
