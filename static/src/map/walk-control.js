// @ts-check
/** The filter on what is reached on foot: from the selected building or a place on the map, within some minutes. */

import {createChips} from './chips.js';
import {h} from './dom.js';
import {PICK} from './walk-layer.js';

/** Minutes that can be asked for. */
export const WALKS = ['5', '10', '15'];

/** @param {import('./types').Page} page @returns {import('./filter-controls.js').Control | null} */
export function createWalkControl({walks, store, texts}) {
  if (!walks.known) return null;
  const {t} = texts;
  const minutes = createChips(
    {label: t('walk'), choices: WALKS.map(code => ({code, name: t('walk_minutes', {n: code})})), number: () => '', single: true},
    ([chosen]) => chosen && store.set({walk_min: chosen}),
  );
  const from = () => store.get().b && store.set({walk_from: store.get().b});
  const building = h('button.btn', {type: 'button', onclick: from}, t('walk_building'));
  const place = h('button.btn.on-map', {type: 'button', onclick: () => dispatchEvent(new Event(PICK))}, t('walk_pick'));
  const none = h('button.link', {type: 'button', onclick: () => store.set({walk_from: ''})}, t('walk_none'));
  return {
    element: h('div.walk', minutes.element, h('p', building, ' ', place, ' ', none)),
    set(state) {
      minutes.set([state.walk_min]);
      building.disabled = !state.b || state.b === state.walk_from;
      none.hidden = !state.walk_from;
    },
    count() {},
  };
}
