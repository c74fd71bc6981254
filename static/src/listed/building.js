// @ts-check
/** The page of a building: figures, plan, what is to let, conditions, surroundings, firms, sources. */

import {createKey} from '../map/card.js';
import {h} from '../map/dom.js';
import {createTower} from '../map/tower.js';
import {createUnits} from '../map/units.js';
import {card, contactCard, crumbs, figure, MARKET, mapButton, placed, unitTable} from './pieces.js';

/** @typedef {import('./pieces.js').Told} Told */
/** @typedef {import('./pieces.js').Writer} Writer */

/** @param {Told} building @param {Writer} writer @returns {Node[]} */
export function buildingPage(building, writer) {
  const {say} = writer;
  const market = placed(building.floors).filter(({unit}) => MARKET.includes(unit.occupancy));
  market.sort((one, other) => (other.unit.area_m2 ?? -1) - (one.unit.area_m2 ?? -1));
  return [
    head(building, writer),
    figures(building, market, writer),
    h(
      'div.columns',
      h('div.stack', plan(building, writer), vacancies(market, writer)),
      h(
        'aside.stack',
        card(say('place'), h('p', writer.texts.name(building.address, building.address_en) || '—')),
        building.contacts && contactCard(building.contacts, writer),
      ),
    ),
    ...[conditions(building, writer), around(building, writer), industries(building, writer)].filter(Boolean),
    sources(building, writer),
  ].map(each => /** @type {Node} */ (each));
}

/** @param {Told} building @param {Writer} writer */
function head(building, writer) {
  const {say, word, texts} = writer;
  const badges = [word('grade', building.grade), '★'.repeat(building.star ?? 0), word('status', building.status)];
  const said = [
    building.floors_above && texts.t('floors', {n: building.floors_above}),
    building.floors_below && texts.t('floors_below', {n: building.floors_below}),
    building.height_m && `${texts.number(building.height_m)} m`,
    building.completed_year,
  ];
  return h(
    'header.head',
    h(
      'div',
      crumbs(building, writer),
      h('h1', writer.nameOf(building)),
      h('p.other-name.muted', texts.otherName(building.name, building.name_en)),
      h('p.badges', [...badges, ...(building.themes ?? []).map(theme => word('theme', theme))].filter(Boolean).map(name => h('span.badge', name))),
      h('p.muted.line', said.filter(Boolean).join(' · ')),
      h('p.muted.small', say('one_day')),
    ),
    h('p.actions.no-print.row', mapButton(building, null, writer)),
  );
}

/** @param {Told} building @param {import('./pieces.js').Placed[]} market @param {Writer} writer */
function figures({floors, leasable_area_m2: leasable, gross_area_m2: gross, industries: groups = []}, market, writer) {
  const {say, area, texts} = writer;
  const sums = sumsOf(floors);
  const all = Object.values(sums).reduce((sum, m2) => sum + m2, 0);
  const stated = leasable !== null && Number(leasable) >= all;
  const base = stated ? Number(leasable) : all;
  const unknown = (sums.unknown ?? 0) + base - all;
  const rents = market.flatMap(({unit}) => (unit.rent?.cny_m2_day ? [Number(unit.rent.cny_m2_day)] : []));
  const firms = groups.reduce((sum, {count}) => sum + count, 0);
  const told = (/** @type {string} */ unit) => (rents.length ? texts.rents(Math.min(...rents), Math.max(...rents), unit) : '');
  return h(
    'dl.figures',
    figure(say('leasable'), area(leasable), leasable === null ? say('unstated') : gross ? say('gross', {area: area(gross)}) : ''),
    figure(
      say('vacant'),
      area(sums.vacant ?? 0),
      say('units', {n: market.filter(({unit}) => unit.occupancy === 'vacant').length}),
      sums.soon ? say('soon', {area: area(sums.soon)}) : '',
    ),
    figure(
      say('rate'),
      base ? texts.percent((sums.vacant ?? 0) / base) : '—',
      stated ? say('of_leasable') : say('of_units', {area: area(all)}),
      base ? say('unknown', {share: texts.percent(unknown / base)}) : '',
    ),
    figure(say('rent'), rents.length ? told('cny_m2_day') : '—', rents.length ? `≈ ${told('cny_m2_month')}` : say(market.length ? 'to_agree' : 'nothing')),
    figure(say('firms'), firms ? texts.number(firms) : '—', firms ? say('leading', {group: writer.word('industry', groups[0].group), share: texts.percent(groups[0].count / firms)}) : ''),
  );
}

/** m² of each state. @param {Told['floors']} floors */
function sumsOf(floors) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const {unit} of placed(floors)) sums[unit.occupancy] = (sums[unit.occupancy] ?? 0) + Number(unit.area_m2);
  return sums;
}

/** @param {Told} building @param {Writer} writer */
function plan(building, writer) {
  const {say, texts, words} = writer;
  if (!building.floors.length) return card(say('plan'), h('p.muted', say('no_plan')));
  const units = h('div.units', {'aria-live': 'polite'});
  /** @type {number | null} */
  let floor = null;
  const choose = (/** @type {number | null} */ next) => {
    floor = next;
    tower.mark('aria-selected', floor);
    units.replaceChildren(...createUnits(building, floor, page, {filtered: false, units: new Set()}));
  };
  const store = {get: () => ({floor, date: ''}), set: (/** @type {{floor: number | null}} */ next) => choose(next.floor)};
  /** @type {any} */
  const page = {boot: words, data: {picks: null}, texts, store, unitAddress: (/** @type {string} */ code) => `#${code}`, onFloor: () => {}};
  const tower = createTower(building, page);
  choose(building.floors.find(({units: there}) => there.length)?.position ?? null);
  return card(say('plan'), createKey(building, page), tower.element, units);
}

/** @param {import('./pieces.js').Placed[]} market @param {Writer} writer */
const vacancies = (market, writer) =>
  card(
    `${writer.say('on_market')} ${market.length}`,
    market.length ? unitTable(market, writer) : h('p.muted', writer.say('no_market')),
  );

/** @param {Told} building @param {Writer} writer */
function conditions({facts = [], ...building}, {say, word, area, quoted, texts, words, source}) {
  const own = /** @type {[string, string | null][]} */ ([
    [say('typical'), building.typical_floor_area_m2 ? area(building.typical_floor_area_m2) : null],
    [say('fee'), building.property_fee_cny_m2_month ? quoted(building.property_fee_cny_m2_month, 'cny_m2_month') : null],
    [say('parking'), building.parking_spaces ? texts.number(building.parking_spaces) : null],
    [say('lifts'), building.lifts && !facts.some(({fact}) => fact === 'passenger_lifts') ? texts.number(building.lifts) : null],
  ]).map(([name, value]) => ({name, value, told: source(building.source_id)}));
  const order = Object.keys(words.kinds.fact);
  const asked = [...facts].sort((one, other) => order.indexOf(one.fact) - order.indexOf(other.fact));
  const rows = asked.map(each => ({
    name: word('fact', each.fact),
    value: [word('said', each.value), word('said', each.unit)].filter(Boolean).join(' '),
    told: [each.dated_on ?? say('undated'), source(each.source_id)].filter(Boolean).join(' · '),
  }));
  const all = [...own, ...rows].filter(({value}) => value);
  if (!all.length) return null;
  return card(
    say('conditions'),
    h('div.topics', h('dl', all.map(({name, value, told}) => h('div', h('dt', name), h('dd', value), h('dd.told', told))))),
  );
}

/** @param {Told} building @param {Writer} writer */
function around({amenities = []}, {say, word, name}) {
  if (!amenities.length) return null;
  const far = (/** @type {number} */ metres, /** @type {string} */ method, /** @type {string | null} */ hours) =>
    metres ? say(method === 'walking' ? 'on_foot' : 'straight', {metres}) : [say('inside'), hours].filter(Boolean).join(' ');
  return card(
    say('around'),
    h('ul.plain.amenities', amenities.map(([category, metres, method, one, other, hours]) =>
      h('li', h('span', word('amenity', category)), h('span', name({name: one, name_en: other})), h('span', far(metres, method, hours))),
    )),
  );
}

/** @param {Told} building @param {Writer} writer */
function industries({industries: groups = []}, {say, word, texts, name}) {
  if (!groups.length) return null;
  const firms = groups.reduce((sum, {count}) => sum + count, 0);
  const rows = groups.map(({group, count, names}) =>
    h(
      'tr',
      h('th', {scope: 'row'}, word('industry', group)),
      h('td.number', `${texts.number(count)} · ${texts.percent(count / firms)}`),
      h('td', names.length ? names.map(([one, other]) => name({name: one, name_en: other})).join(say('and')) : h('span.muted', say('no_names'))),
    ),
  );
  return card(say('industries'), h('div.scroll', h('table.list.industries', h('tbody', rows))));
}

/** @param {Told} building @param {Writer} writer */
function sources(building, {say, source}) {
  const ids = [building.source_id, ...(building.facts ?? []).map(each => each.source_id), ...placed(building.floors).map(({unit}) => unit.source_id)];
  const names = [...new Set(ids.map(source))].filter(Boolean);
  return card(say('sources'), h('ul.plain.source-list', names.map(each => h('li', each))), h('p.muted.small', say('as_reported')));
}
