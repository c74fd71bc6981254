// @ts-check
/** What can be laid over the map, and the panel that switches it. */

import {h} from './dom.js';

/**
 * Group of amenities → its categories; metro stations belong to the transit lines.
 * @type {Record<string, string[]>}
 */
export const AMENITY_GROUPS = {
  transport: ['rail', 'bus', 'parking', 'charging'],
  food: ['restaurant', 'cafe', 'mall', 'convenience', 'hotel'],
  business: ['bank', 'law', 'accounting', 'gov_service'],
  life: ['hospital', 'pharmacy', 'school', 'gym', 'park', 'culture'],
};

/** Tile layers that each switch needs on screen, for the attribution. */
export const TILES_OF = {
  transit: ['ground', 'amenities'],
  areas: ['areas'],
  clusters: ['clusters'],
  ...Object.fromEntries(Object.keys(AMENITY_GROUPS).map(group => [group, ['amenities']])),
};

/**
 * @param {HTMLElement} box
 * @param {HTMLButtonElement} button
 * @param {import('./types').Page} page
 */
export function createLayersPanel(box, button, {boot, store, texts}) {
  const names = Object.keys(TILES_OF).filter(
    name => (name !== 'areas' || boot.areas.length) && (name !== 'clusters' || boot.clusters.length),
  );
  const boxes = new Map(names.map(name => [name, h('input', {type: 'checkbox', onchange: () => toggle(name)})]));
  box.replaceChildren(
    ...names.map(name =>
      h(
        'label',
        boxes.get(name) ?? '',
        h('span', texts.t(`layer_${name}`)),
        h('span.discs', {'aria-hidden': true}, discs(name)),
      ),
    ),
  );
  button.addEventListener('click', () => open(box.hidden === true));
  box.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    open(false);
    button.focus();
  });

  /** @param {string} name */
  function toggle(name) {
    const {layers} = store.get();
    store.set({layers: layers.includes(name) ? layers.filter(one => one !== name) : [...layers, name]});
  }
  /** @param {boolean} yes */
  function open(yes) {
    box.hidden = !yes;
    button.setAttribute('aria-expanded', String(yes));
  }
  /** The colours under which a group's amenities stand on the map. @param {string} name */
  function discs(name) {
    return (AMENITY_GROUPS[name] ?? []).map(code =>
      h('i', {style: {background: boot.words.amenity.find(word => word.code === code)?.colour ?? ''}}),
    );
  }

  return {
    /** @param {string[]} layers */
    update(layers) {
      for (const [name, input] of boxes) input.checked = layers.includes(name);
    },
  };
}
