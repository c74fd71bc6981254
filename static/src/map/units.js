// @ts-check
/** The units of one floor, or what is on offer in the building: each with area, rent and the stamp of its fact. */

import {h} from './dom.js';
import {keyOf} from './matches.js';
import {areasByState} from './slices.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').FloorDetail} Floor */
/** @typedef {import('./types').UnitDetail} Unit */
/** @typedef {import('./types').Page} Page */

export const OFFERED = ['vacant', 'soon'];
const MOST_UNITS = 8;

/** @typedef {import('./matches.js').Matches} Matches */

/**
 * @param {Detail} detail
 * @param {number | null} position of the chosen floor
 * @param {Page} page
 * @param {Matches} matches
 * @returns {Node[]}
 */
export function createUnits({code, floors}, position, page, matches) {
  const chosen = floors.filter(floor => floor.position === position);
  const here = {...page, building: code};
  return chosen.length ? ofFloor(chosen, here) : onOffer(floors, here, matches);
}

/**
 * What is told of a day of the past, when units are known by their areas alone.
 * @param {Detail} detail
 * @param {number | null} position of the chosen floor
 * @param {Page} page
 * @returns {Node[]}
 */
export function createPast({code, floors}, position, {address, store, texts}) {
  const {t} = texts;
  const {date} = store.get();
  const chosen = floors.filter(floor => floor.position === position);
  const states = chosen.flatMap(floor => Object.entries(areasByState(floor)));
  return [
    ...(chosen.length ? [h('h3', chosen[0].label)] : []),
    ...states.map(([state, area]) => h('p', `${texts.word('occupancy', state)} ${texts.area(area)}`)),
    h('p.past', t('past_card', {date}), h('a', {href: `${address(code)}#then`}, t('past_units'))),
  ];
}

/** @typedef {Page & {building: string}} Here the page, and the building whose units are told of */

/** @param {Floor[]} floors of one position, in all sections @param {Here} page @returns {Node[]} */
function ofFloor(floors, page) {
  const {t, area} = page.texts;
  const all = floors.flatMap(({units}) => units).reduce((sum, unit) => sum + Number(unit.area_m2), 0);
  return [h('h3', t('floor_title', {floor: floors[0].label, area: area(all)})), list(pairs(floors), page)];
}

/**
 * What is on offer; where filters ask for certain units, those that answer come first.
 * @param {Floor[]} floors
 * @param {Here} page
 * @param {Matches} matches
 * @returns {Node[]}
 */
function onOffer(floors, page, matches) {
  const {t, number} = page.texts;
  const all = pairs(floors).filter(({unit}) => OFFERED.includes(unit.occupancy));
  const answers = (/** @type {{unit: Unit, floor: Floor}} */ {unit, floor}) =>
    matches.units.has(keyOf(floor.position, Number(unit.area_m2)));
  const chosen = matches.filtered ? all.filter(answers) : [];
  const others = all.filter(pair => !chosen.includes(pair));
  const more = others.length - MOST_UNITS;
  return [
    ...(chosen.length ? [h('h3', t('matching_title', {n: number(chosen.length)})), list(chosen, page)] : []),
    h('h3', t(chosen.length ? 'others_title' : 'offered_title', {n: number(others.length)})),
    ...(others.length ? [list(others.slice(0, MOST_UNITS), page)] : []),
    ...(more > 0 ? [h('p.muted', t('offered_more', {n: number(more)}))] : []),
  ];
}

/** @param {Floor[]} floors */
const pairs = floors => floors.flatMap(floor => floor.units.map(unit => ({unit, floor})));

/** @param {{unit: Unit, floor: Floor}[]} rows @param {Here} page */
const list = (rows, page) =>
  rows.length
    ? h(
        'ul',
        rows.map(({unit, floor}) => createUnit(unit, floor, page)),
      )
    : h('p.muted', page.texts.t('no_units'));

/** @param {Unit} unit @param {Floor} floor @param {Here} page */
function createUnit(unit, floor, page) {
  const {texts} = page;
  const label = unit.label.startsWith(floor.label) ? unit.label : `${floor.label} ${unit.label}`;
  return h(
    'li',
    h(`i.swatch.st-${unit.occupancy}`),
    h('a', {href: page.unitAddress(unit.code, page.building)}, label),
    h('b', texts.area(Number(unit.area_m2))),
    h('span', texts.word('occupancy', unit.occupancy)),
    h('span.rent', rentOf(unit, texts)),
    h('small', noteOf(unit, texts)),
    page.data.picks && createPick(unit, label, page),
  );
}

/**
 * Puts the unit on the shortlist; `static/src/shortlist.js` makes a button of it.
 * @param {Unit} unit
 * @param {string} label
 * @param {Page} page
 */
const createPick = ({code}, label, {data, texts}) =>
  h(
    'a.pick',
    {href: `${data.picks}?u=${code}`, rel: 'nofollow', 'data-pick': code},
    h('span.unseen', `${label} `),
    h('span.off', texts.t('pick')),
    h('span.on', `✓ ${texts.t('picked')}`),
  );

/** @param {Unit} unit @param {import('./i18n.js').Texts} texts */
function rentOf({rent, occupancy}, texts) {
  if (rent?.cny_m2_day)
    return texts.rent(Number(rent.cny_m2_day), rent.unit === 'cny_m2_month' ? rent.unit : 'cny_m2_day');
  return OFFERED.includes(occupancy) ? texts.t('rent_unknown') : '';
}

/**
 * Fit-out, date and divisibility of an offer, and how old the word is.
 * @param {Unit} unit
 * @param {import('./i18n.js').Texts} texts
 */
function noteOf(unit, texts) {
  const {t} = texts;
  const offer = [
    texts.word('fitout', unit.fitout),
    unit.available_on && t('from_month', {month: unit.available_on.slice(0, 7)}),
    unit.min_area_m2 && t('divisible', {area: texts.area(Number(unit.min_area_m2))}),
  ];
  const stamp = [
    unit.reported_on ? t('stamp', {date: unit.reported_on}) : t('undated'),
    unit.verified_on && t('verified'),
    unit.stale && t('stale_unit'),
  ];
  return [...(OFFERED.includes(unit.occupancy) ? offer : []), ...stamp].filter(Boolean).join(' · ');
}
