// @ts-check
/** The card of the selected building: facts, its floors as a small stacking plan, and the units of a chosen floor. */

import {h, part} from './dom.js';
import {icon} from './drawing.js';
import {areasByState} from './slices.js';
import {createTower} from './tower.js';
import {createPast, createUnits, OFFERED} from './units.js';
import {WALKS} from './walk-control.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').Page} Page */
/**
 * @typedef {object} Ears
 * @property {(floor: number | null) => void} onFloor is told which floor the pointer is on
 * @property {(code: string) => import('./matches.js').Matches} matchesOf which units of a building answer the filters
 */

/** @param {Page & Ears} page */
export function createCard(page) {
  const {texts, store} = page;
  const box = part('card');
  const units = h('div.units', {'aria-live': 'polite'});
  /** @type {{detail: Detail, tower: ReturnType<typeof createTower>} | null} */
  let shown = null;

  box.addEventListener('keydown', event => {
    if (event.key === 'Escape') store.set({b: '', floor: null});
  });

  /** @param {number | null} floor */
  function choose(floor) {
    if (!shown) return;
    shown.tower.mark('aria-selected', floor);
    const {detail} = shown;
    const made = store.get().date ? createPast(detail, floor, page) : createUnits(detail, floor, page, page.matchesOf(detail.code));
    units.replaceChildren(...made);
  }

  return {
    choose,
    /** Other filters are in force: say again which units answer them. */
    renew: () => choose(page.store.get().floor),
    hide() {
      shown = null;
      box.hidden = true;
      box.replaceChildren();
    },
    /** What stands there until the facts have come. @param {string} name */
    wait(name) {
      shown = null;
      box.hidden = false;
      box.scrollTop = 0;
      box.replaceChildren(createHead(name, '', page), h('p.muted', texts.t('loading')));
    },
    /** @param {string} name @param {string} message */
    fail: (name, message) => box.replaceChildren(createHead(name, '', page), h('p.danger', {role: 'alert'}, message)),
    /** @param {Detail} detail @param {number | null} floor */
    show(detail, floor) {
      shown = {detail, tower: createTower(detail, page)};
      const followed = detail.floors.length > 0;
      const name = texts.name(detail.name, detail.name_en) || detail.code;
      box.hidden = false;
      box.replaceChildren(
        createHead(name, texts.otherName(detail.name, detail.name_en), page),
        createFacts(detail, page),
        createWalks(detail, page),
        ...(followed ? [createKey(detail, page), shown.tower.element, units] : [h('p.muted', texts.t('not_followed'))]),
        createActions(detail, page),
      );
      choose(floor);
    },
    /** Light up a floor that the pointer is on in the map. @param {number | null} floor */
    light: floor => shown?.tower.mark('data-lit', floor),
  };
}

/** @param {string} name @param {string} other @param {Page} page */
function createHead(name, other, {texts, store}) {
  const label = texts.t('close');
  const close = () => store.set({b: '', floor: null});
  return h(
    'header',
    h('div', h('h2', name || texts.t('selected')), other && h('p.muted', other)),
    h('button.close', {type: 'button', 'aria-label': label, title: label, onclick: close}, icon('x', 20)),
  );
}

/** @param {Detail} detail @param {Page} page */
export function createFacts(detail, {texts}) {
  const badges = [
    texts.word('grade', detail.grade),
    '★'.repeat(detail.star ?? 0),
    detail.status === 'operating' ? '' : texts.word('status', detail.status),
    ...(detail.themes ?? []).map(theme => texts.word('theme', theme)),
  ].filter(Boolean);
  const facts = listFacts(detail, texts).filter(([, value]) => value);
  return h(
    'div',
    badges.length > 0 &&
      h(
        'p.badges',
        badges.map(name => h('span.badge', name)),
      ),
    h(
      'dl.facts',
      facts.flatMap(([label, ...values]) => [h('dt', label), ...values.map(value => h('dd', value))]),
    ),
  );
}

/** @param {Detail} detail @param {import('./i18n.js').Texts} texts @returns {string[][]} '' = not known */
function listFacts(detail, texts) {
  const {t} = texts;
  const units = detail.floors.flatMap(floor => floor.units);
  const leasable = Number(detail.leasable_area_m2 ?? 0);
  const vacant = units.filter(unit => unit.occupancy === 'vacant').reduce((sum, unit) => sum + Number(unit.area_m2), 0);
  const share = leasable ? ` · ${texts.percent(vacant / leasable)}` : '';
  const offered = units.filter(unit => OFFERED.includes(unit.occupancy) && unit.rent?.cny_m2_day);
  const rents = offered.map(unit => Number(unit.rent?.cny_m2_day));
  const rent = (/** @type {string} */ unit) =>
    rents.length ? texts.rents(Math.min(...rents), Math.max(...rents), unit) : '';
  const floors = detail.floors_above ? t('floors', {n: detail.floors_above}) : '';
  const below = detail.floors_below ? ` · ${t('floors_below', {n: detail.floors_below})}` : '';
  return [
    [t('fact_floors'), floors && floors + below],
    [t('fact_year'), String(detail.completed_year ?? '')],
    [t('fact_leasable'), leasable ? texts.area(leasable) : ''],
    [t('fact_vacant'), units.length ? texts.area(vacant) + share : ''],
    [t('rent'), rent('cny_m2_day'), rent('cny_m2_month')],
    [t('fact_address'), texts.name(detail.address, detail.address_en)],
  ];
}

/**
 * The states in the building with their areas: legend of the stacking plan.
 * @param {Detail} detail
 * @param {Page} page
 */
export function createKey({floors}, {boot, texts}) {
  /** @type {Record<string, number>} */
  const areas = {};
  for (const floor of floors) {
    for (const [state, area] of Object.entries(areasByState(floor))) areas[state] = (areas[state] ?? 0) + area;
  }
  const states = boot.words.occupancy.filter(({code}) => areas[code]);
  return h(
    'p.key',
    states.map(({code, name}) => h('span', h(`i.swatch.st-${code}`), name, h('small', texts.area(areas[code])))),
  );
}

/** What is reached on foot from the building, as a filter. @param {Detail} detail @param {Page} page */
const createWalks = ({code}, {texts: {t}, store, walks}) =>
  walks.known
    ? h(
        'p.walks',
        icon('footprints', 16),
        h('span', t('walk_here')),
        WALKS.map(n =>
          h('button.chip', {type: 'button', onclick: () => store.set({walk_from: code, walk_min: n})}, t('walk_minutes', {n})),
        ),
      )
    : '';

/** @param {Detail} detail @param {Page} page */
const createActions = ({code}, {address, texts}) =>
  h(
    'div.actions',
    h('a.btn.primary', {href: address(code)}, texts.t('open_page')),
    h('button.btn', {type: 'button', 'data-share': ''}, icon('link', 16), texts.t('copy_link')),
  );
