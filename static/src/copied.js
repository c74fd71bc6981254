// @ts-check
/** The page of a building that has none of its own in a copy: the same facts, floors and units as the map's card. */

import {createAddresses} from './map/addresses.js';
import {createFacts, createKey} from './map/card.js';
import {detailsIn} from './map/data/static.js';
import {h, part} from './map/dom.js';
import {createTexts} from './map/i18n.js';
import {createTower} from './map/tower.js';
import {createUnits} from './map/units.js';

/** @type {import('./map/types').Boot} */
const boot = JSON.parse(part('boot').textContent ?? '');
const texts = createTexts(boot);
const code = new URLSearchParams(location.search).get('code') ?? '';
const card = part('card');

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a')))
  link.search = location.search;

detailsIn(boot.urls.api)(code).then(show, () => {
  card.replaceChildren(h('p', {role: 'alert'}, texts.t('not_in_copy')));
});

/** @param {import('./map/types').BuildingDetail} detail */
function show(detail) {
  const name = texts.name(detail.name, detail.name_en) || detail.code;
  part('name').textContent = name;
  part('other').textContent = texts.otherName(detail.name, detail.name_en);
  document.title = `${name} · ${boot.title}`;
  /** @type {HTMLAnchorElement} */ (part('to-map')).search = `?b=${encodeURIComponent(detail.code)}`;
  const units = h('div.units', {'aria-live': 'polite'});
  const page = pageOf(floor => choose(floor));
  const tower = createTower(detail, {...page, onFloor: () => {}});

  /** @param {number | null} floor */
  function choose(floor) {
    tower.mark('aria-selected', floor);
    units.replaceChildren(...createUnits(detail, floor, page, {filtered: false, units: new Set()}));
  }

  card.replaceChildren(
    createFacts(detail, page),
    ...(detail.floors.length ? [createKey(detail, page), tower.element, units] : [h('p.muted', texts.t('not_followed'))]),
  );
  choose(null);
}

/** What the parts of the card need of a page. @param {(floor: number | null) => void} choose @returns {any} */
function pageOf(choose) {
  /** @type {number | null} */
  let floor = null;
  const store = {
    get: () => ({floor, date: ''}),
    set: (/** @type {{floor: number | null}} */ next) => choose((floor = next.floor)),
  };
  const {building, unit} = createAddresses(boot);
  return {boot, texts, store, address: building, unitAddress: unit};
}
