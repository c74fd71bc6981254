// @ts-check
/** The card of the selected building: facts, its floors as a small stacking plan, and the units of a chosen floor. */

import {h, icon, part} from './dom.js';
import {areasByState} from './slices.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').FloorDetail} Floor */
/** @typedef {import('./types').UnitDetail} Unit */
/** @typedef {{boot: import('./types').Boot, texts: import('./i18n.js').Texts, store: import('./store.js').Store, address: (code: string) => string, onFloor: (floor: number | null) => void}} Context */

const OFFERED = ['vacant', 'soon'];
const MOST_UNITS = 8;
/** Height of the stacking plan, and of one floor with its joint. */
const TOWER_PX = 300;
const LEAST_STEP_PX = 5;
const MOST_STEP_PX = 16;

/** @param {Context} context `onFloor` is told which floor the pointer is on */
export function createCard(context) {
  const box = part('card');
  /** @type {Detail | null} */
  let detail = null;
  /** @type {HTMLElement | null} */
  let floors = null;
  const units = h('div.units', {'aria-live': 'polite'});

  box.addEventListener('keydown', event => {
    if (event.key === 'Escape') context.store.set({b: '', floor: null});
  });

  return {
    hide() {
      detail = null;
      box.hidden = true;
      box.replaceChildren();
    },
    /** What stands there until the facts have come. @param {string} name */
    wait(name) {
      box.hidden = false;
      box.replaceChildren(createHead(name, '', context), h('p.muted', {}, context.texts.t('loading')));
    },
    /** @param {string} name @param {string} message */
    fail(name, message) {
      box.replaceChildren(createHead(name, '', context), h('p.danger', {role: 'alert'}, message));
    },
    /** @param {Detail} next @param {number | null} floor */
    show(next, floor) {
      detail = next;
      floors = createTower(next, context);
      const {texts, boot} = context;
      const name = texts.name(next.name, next.name_en) || next.code;
      const other = boot.locale === 'en' ? next.name : next.name_en;
      box.hidden = false;
      box.replaceChildren(createHead(name, other && other !== name ? other : '', context), createFacts(next, context), ...(next.floors.length ? [createKey(next, context), floors, units] : [h('p.muted', {}, texts.t('not_followed'))]),
        h('div.actions', {}, h('a.btn.primary', {href: context.address(next.code)}, texts.t('open_page')), h('button.btn', {type: 'button', 'data-share': ''}, icon('link', 16), texts.t('copy_link'))));
      this.choose(floor);
    },
    /** @param {number | null} floor */
    choose(floor) {
      if (!detail) return;
      for (const line of floors?.children ?? []) line.setAttribute('aria-selected', String(Number(/** @type {HTMLElement} */ (line).dataset.floor) === floor));
      units.replaceChildren(...createUnits(detail, floor, context));
    },
    /** Light up a floor that the pointer is on in the map. @param {number | null} floor */
    light(floor) {
      for (const line of floors?.children ?? []) line.classList.toggle('lit', Number(/** @type {HTMLElement} */ (line).dataset.floor) === floor);
    },
  };
}

/** @param {string} name @param {string} other @param {Context} context */
const createHead = (name, other, {texts, store}) => h('header', {}, h('div', {}, h('h2', {}, name), other && h('p.muted', {}, other)), h('button.close', {type: 'button', 'aria-label': texts.t('close'), title: texts.t('close'), onclick: () => store.set({b: '', floor: null})}, icon('x', 20)));

/** @param {Detail} detail @param {Context} context */
function createFacts(detail, {boot, texts}) {
  const {t} = texts;
  const word = (/** @type {'grade' | 'status' | 'theme'} */ list, /** @type {string | null} */ code) => boot.words[list].find(one => one.code === code)?.name;
  const badges = [word('grade', detail.grade), detail.star && '★'.repeat(detail.star), detail.status !== 'operating' && word('status', detail.status), ...(detail.themes ?? []).map(theme => word('theme', theme))].filter(Boolean);
  const all = detail.floors.flatMap(({units}) => units);
  const vacant = sum(all.filter(({occupancy}) => occupancy === 'vacant'));
  const rents = all.filter(({occupancy, rent}) => OFFERED.includes(occupancy) && rent?.cny_m2_day).map(({rent}) => Number(rent?.cny_m2_day));
  const facts = [
    [t('fact_floors'), detail.floors_above && t('floors', {n: detail.floors_above}) + (detail.floors_below ? ` / ${t('floors_below', {n: detail.floors_below})}` : '')],
    [t('fact_year'), detail.completed_year],
    [t('fact_leasable'), detail.leasable_area_m2 && texts.area(Number(detail.leasable_area_m2))],
    [t('fact_vacant'), all.length > 0 && texts.area(vacant) + (detail.leasable_area_m2 ? ` · ${texts.percent(vacant / Number(detail.leasable_area_m2))}` : '')],
    [t('rent'), rents.length > 0 && texts.rents(Math.min(...rents), Math.max(...rents), 'cny_m2_day')],
    ['', rents.length > 0 && texts.rents(Math.min(...rents), Math.max(...rents), 'cny_m2_month')],
    [t('fact_address'), texts.name(detail.address ?? null, detail.address_en ?? null)],
  ];
  return h('div', {}, badges.length > 0 && h('p.badges', {}, badges.map(name => h('span.badge', {}, /** @type {string} */ (name)))), h('dl.facts', {}, facts.filter(([, value]) => value).flatMap(([label, value]) => [h('dt', {}, label || ''), h('dd', {}, String(value))])));
}

/** The states in the building with their areas: legend of the stacking plan. @param {Detail} detail @param {Context} context */
function createKey(detail, {boot, texts}) {
  /** @type {Record<string, number>} */
  const areas = {};
  for (const floor of detail.floors) for (const [state, area] of Object.entries(areasByState(floor))) areas[state] = (areas[state] ?? 0) + area;
  return h('p.key', {}, boot.words.occupancy.filter(({code}) => areas[code]).map(({code, name}) => h('span', {}, h(`i.swatch.st-${code}`), name, h('small', {}, texts.area(areas[code])))));
}

/** Every floor as a line of its units, top floor first; arrow keys walk through them. @param {Detail} detail @param {Context} context */
function createTower(detail, {boot, texts, store, onFloor}) {
  const choose = (/** @type {number} */ floor) => store.set({floor: store.get().floor === floor ? null : floor});
  const lines = [...detail.floors].sort((a, b) => b.position - a.position).map(floor => {
    const said = Object.entries(areasByState(floor)).map(([state, area]) => `${boot.words.occupancy.find(({code}) => code === state)?.name ?? state} ${texts.area(area)}`).join('，');
    const segments = floor.units.length ? floor.units.map(unit => h(`i.st-${unit.occupancy}`, {style: {'flex-grow': String(Number(unit.area_m2) || 1)}})) : [h('i.st-service', {style: {'flex-grow': '1'}})];
    return h('li', {role: 'option', 'aria-selected': false, 'aria-label': `${floor.label} ${said}`, 'data-floor': floor.position, tabindex: -1, title: `${floor.label} · ${said}`, onclick: () => choose(floor.position)}, h('span', {}, floor.label), h('span.segments', {}, segments));
  });
  lines[0]?.setAttribute('tabindex', '0');
  const tower = h('ol.tower', {role: 'listbox', 'aria-label': texts.t('floors_label'), onpointerover: (/** @type {any} */ event) => onFloor(floorOf(event.target)), onpointerleave: () => onFloor(null), onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, tower, choose)}, lines);
  const step = Math.max(LEAST_STEP_PX, Math.min(MOST_STEP_PX, Math.floor(TOWER_PX / (lines.length || 1))));
  tower.style.setProperty('--floor', `${step - (step > 6 ? 2 : 1)}px`);
  tower.style.setProperty('--joint', `${step > 6 ? 2 : 1}px`);
  return tower;
}

/** @param {Element} element */
const floorOf = element => {
  const floor = /** @type {HTMLElement | null} */ (element.closest('[data-floor]'))?.dataset.floor;
  return floor ? Number(floor) : null;
};

/** @param {KeyboardEvent} event @param {HTMLElement} tower @param {(floor: number) => void} choose */
function walk(event, tower, choose) {
  const lines = /** @type {HTMLElement[]} */ ([...tower.children]);
  const at = lines.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1}[event.key];
  if (event.key === 'Enter' || event.key === ' ') choose(Number(lines[at]?.dataset.floor));
  else if (next === undefined) return;
  event.preventDefault();
  if (next !== undefined && lines[next]) {
    lines.forEach((line, i) => line.setAttribute('tabindex', i === next ? '0' : '-1'));
    lines[next].focus();
  }
}

/** The units of the chosen floor, or what is on offer in the building. @param {Detail} detail @param {number | null} position @param {Context} context @returns {Node[]} */
function createUnits(detail, position, context) {
  const {t, number} = context.texts;
  const floors = detail.floors.filter(floor => floor.position === position);
  const chosen = floors.flatMap(floor => floor.units.map(unit => ({unit, floor})));
  const offered = detail.floors.flatMap(floor => floor.units.filter(({occupancy}) => OFFERED.includes(occupancy)).map(unit => ({unit, floor})));
  const shown = floors.length ? chosen : offered.slice(0, MOST_UNITS);
  const title = floors.length ? t('floor_title', {floor: floors[0].label, area: context.texts.area(chosen.reduce((all, {unit}) => all + Number(unit.area_m2), 0))}) : t('offered_title', {n: number(offered.length)});
  return [h('h3', {}, title), shown.length ? h('ul', {}, shown.map(({unit, floor}) => createUnit(unit, floor, context))) : h('p.muted', {}, t('no_units')),
    ...(!floors.length && offered.length > shown.length ? [h('p.muted', {}, t('offered_more', {n: number(offered.length - shown.length)}))] : [])];
}

/** @param {Unit} unit @param {Floor} floor @param {Context} context */
function createUnit(unit, floor, {boot, texts}) {
  const {t} = texts;
  const state = boot.words.occupancy.find(({code}) => code === unit.occupancy)?.name ?? unit.occupancy;
  const offered = OFFERED.includes(unit.occupancy);
  const rent = unit.rent?.cny_m2_day ? texts.rent(Number(unit.rent.cny_m2_day), 'cny_m2_day') : offered ? t('rent_unknown') : '';
  const more = [offered && boot.words.fitout.find(({code}) => code === unit.fitout)?.name, offered && unit.available_on && t('from_month', {month: unit.available_on.slice(0, 7)}), offered && unit.min_area_m2 && t('divisible', {area: texts.area(Number(unit.min_area_m2))}), unit.reported_on ? t('stamp', {date: unit.reported_on}) : t('undated'), unit.verified_on && t('verified')].filter(Boolean).join(' · ');
  return h('li', {}, h(`i.swatch.st-${unit.occupancy}`), h('a', {href: `${boot.prefix}/u/${unit.code}`}, unit.label.startsWith(floor.label) ? unit.label : `${floor.label} ${unit.label}`), h('b', {}, texts.area(Number(unit.area_m2))), h('span', {}, state), h('span.rent', {}, rent), h('small', {}, more));
}

/** @param {Unit[]} units */
const sum = units => units.reduce((all, unit) => all + Number(unit.area_m2), 0);
