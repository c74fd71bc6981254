// @ts-check
/** Pieces of the pages of a copy: texts, rents, stamps, tables of units. */

import {h} from '../map/dom.js';
import {createTexts} from '../map/i18n.js';

/** @typedef {import('../map/types').UnitDetail & {use: string, area_basis: string | null, offer: number | null, top: string | null, recorded_on: string | null, source_id: number, tenant: {name: string, name_en: string | null, industry: string} | null}} Unit */
/** @typedef {Omit<import('../map/types').FloorDetail, 'units'> & {units: Unit[]}} Floor */
/** @typedef {{unit: Unit, floor: Floor}} Placed */
/** @typedef {{fact: string, value: string, unit: string | null, dated_on: string | null, source_id: number}} Fact */
/** @typedef {[category: string, metres: number, method: string, name: string | null, name_en: string | null, opening_hours: string | null]} Amenity */
/** @typedef {{role: string, name: string, name_en: string | null, phone: string | null, email: string | null}} Contact */
/** @typedef {{group: string, count: number, names: [string, string | null][]}} Industry */
/** @typedef {Record<string, any> & {id: number, kind: string}} Offer */
/**
 * What a sheet's file says of a building.
 * @typedef {Omit<import('../map/types').BuildingDetail, 'floors'> & {floors: Floor[], areas: string[], source_id: number, gross_area_m2: number | null, property_fee_cny_m2_month: number | null, parking_spaces: number | null, lifts: number | null, facts?: Fact[], amenities?: Amenity[], contacts?: Contact[], industries?: Industry[], complexes?: {name: string, name_en: string | null}[], offers?: Offer[]}} Told
 */
/**
 * @typedef {Pick<import('../map/types').Boot, 'locale' | 'prefix' | 'title' | 'words' | 'text' | 'fold'> & {kinds: Record<string, Record<string, string>>, areas: Record<string, string>, sources: Record<string, string>, said: Record<string, string>}} Words
 */
/** @typedef {ReturnType<typeof createWriter>} Writer */

export const MARKET = ['vacant', 'soon'];
/** Columns of numbers in tables of units. */
const NUMBERS = ['area', 'asked'];

/** @param {Words} words */
export function createWriter(words) {
  const texts = createTexts(words);
  const english = words.locale === 'en';
  /** @param {string} key @param {Record<string, string | number>} [values] */
  const say = (key, values = {}) => ((values.n === 1 && words.said[`${key}_1`]) || words.said[key]).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
  /** @param {string} kind @param {string | null | undefined} code */
  const word = (kind, code) => (code && words.kinds[kind][code]) || texts.script(code || '');
  /** @param {{name?: string | null, name_en?: string | null}} thing */
  const name = thing => texts.name(thing.name, thing.name_en);
  return {
    texts,
    words,
    title: words.title,
    say,
    word,
    name,
    /** @param {Told} building */
    nameOf: building => name(building) || texts.name(building.address, building.address_en) || say('unnamed'),
    /** @param {number | null | undefined} m2 */
    area: m2 => (m2 === null || m2 === undefined ? '—' : texts.area(m2)),
    /** What the lift says. @param {string} label */
    floor: label => (/^\d+$/.test(label) ? (english ? `${label}F` : `${label} ${texts.script('层')}`) : label),
    /** A rent as it was quoted. @param {number} amount @param {string} unit */
    quoted: (amount, unit) =>
      english ? word('rent_unit', unit).replace('CNY', `CNY ${texts.decimal(amount)}`) : `${texts.decimal(amount)} ${word('rent_unit', unit)}`,
    /** @param {number} id */
    source: id => words.sources[id] ?? '',
  };
}

/** @param {Floor[]} floors from below @returns {Placed[]} from the top */
export const placed = floors => [...floors].reverse().flatMap(floor => floor.units.map(unit => ({unit, floor})));

/** @param {Placed} here @param {Writer} writer */
export function storeys({unit, floor}, {floor: said}) {
  return said(floor.label) + (unit.top ? `–${said(unit.top)}` : '');
}

/** The rent of a unit on the market, as quoted and per m². @param {Unit} unit @param {Writer} writer */
export function rentOf({rent, occupancy}, {quoted, say, texts}) {
  if (!MARKET.includes(occupancy)) return h('span.muted', '—');
  if (!rent) return h('span.muted', say('to_agree'));
  const others = ['cny_m2_day', 'cny_m2_month'].filter(unit => unit !== rent.unit && rent.cny_m2_day);
  return h(
    'span',
    h('span.nowrap', quoted(Number(rent.amount), rent.unit)),
    others.flatMap(unit => [' ', h('span.muted.small.nowrap', `≈ ${texts.rent(Number(rent.cny_m2_day), unit)}`)]),
  );
}

/** What is said under the rent of a unit. @param {Unit} unit @param {Writer} writer */
export function besideOf({rent, occupancy}, {say, texts}) {
  if (!MARKET.includes(occupancy)) return say('not_quoted');
  if (!rent) return say('to_agree');
  if (!rent.cny_m2_day) return '';
  const others = ['cny_m2_day', 'cny_m2_month'].filter(unit => unit !== rent.unit);
  return others.map(unit => `≈ ${texts.rent(Number(rent.cny_m2_day), unit)}`).join(' · ');
}

/** @param {Unit} unit @param {Writer} writer */
export const availableOf = ({available_on: on, occupancy}, {say}) =>
  on ? on.slice(0, 7) : occupancy === 'vacant' ? say('at_once') : '—';

/** When it was reported, by whom, whether somebody has looked. @param {Unit} unit @param {Writer} writer */
export function stampOf({reported_on: on, verified_on: checked, stale}, {say, texts}) {
  const said = [on ? `${on} ${say('reported')}` : say('nobody'), checked ? say('checked', {day: checked}) : say('unchecked')];
  return h('span.small', said.join(' · '), stale && h('span.warn', ` ${texts.t('stale_unit')}`));
}

/** @param {Placed[]} rows @param {Writer} writer */
export function unitTable(rows, writer) {
  const {say, word, area} = writer;
  const heads = ['unit', 'floor', 'area', 'asked', 'handed_over', 'available', 'age'];
  return h(
    'div.scroll',
    h(
      'table.list.vacancies',
      h('thead', h('tr', heads.map(key => h(NUMBERS.includes(key) ? 'th.number' : 'th', {scope: 'col'}, say(key))))),
      h(
        'tbody',
        rows.map(({unit, floor}) =>
          h(
            'tr',
            h('th.nowrap', {scope: 'row'}, h(`i.swatch.st-${unit.occupancy}`), h('a', {href: `#${unit.code}`}, unit.label)),
            h('td.nowrap', storeys({unit, floor}, writer)),
            h('td.number', h('span.nowrap', area(unit.area_m2)), unit.min_area_m2 && h('span.muted.small', ` ${say('divisible', {area: area(unit.min_area_m2)})}`)),
            h('td.number.rent-cell', rentOf(unit, writer)),
            h('td.fit', word('fitout', unit.fitout) || '—'),
            h('td.nowrap.when', availableOf(unit, writer)),
            h('td.wide', stampOf(unit, writer)),
          ),
        ),
      ),
    ),
  );
}

/** @param {Contact[]} contacts @param {Writer} writer */
export const contactCard = (contacts, {say, word, name}) =>
  card(
    say('contact'),
    h(
      'ul.plain.people',
      contacts.map(each =>
        h(
          'li',
          h('span.muted.small', word('role', each.role)),
          h('br'),
          h('strong', name(each)),
          each.phone && h('div', h('a.reach', {href: `tel:${each.phone.replace(/ /g, '')}`}, each.phone)),
          each.email && h('div', h('a.reach', {href: `mailto:${each.email}`}, each.email)),
        ),
      ),
    ),
  );

/** @param {string} heading @param {...any} content */
export const card = (heading, ...content) => h('section.card', h('h2', heading), ...content);

/** A figure with what is said under it. @param {string} name @param {any} value @param {...string} notes */
export const figure = (name, value, ...notes) =>
  h('div', h('dt', name), h('dd', h('span.figure.rents', value), h('br'), h('small.muted', notes.filter(Boolean).join(' · '))));

/** Names and values as a list of facts. @param {[string, any][]} rows */
export const factList = rows =>
  h('dl.facts', rows.flatMap(([name, value]) => (value ? [h('dt', name), h('dd', value)] : [])));

/** The areas that a building stands in, and links that lead on. @param {Told} building @param {Writer} writer @param {...any} more */
export const crumbs = ({areas, complexes = []}, {words, name}, ...more) =>
  h(
    'ol.crumbs',
    areas.map(code => h('li', h('a', {href: `../a/${code}.html`}, words.areas[code] ?? code))),
    complexes.map(each => h('li', name(each))),
    more.map(each => h('li', each)),
  );

/** @param {Told} building @param {number | null} floor @param {Writer} writer */
export const mapButton = ({code}, floor, {say}) =>
  h('a.btn.primary', {href: `../index.html?b=${encodeURIComponent(code)}${floor === null ? '' : `&floor=${floor}`}`}, say('on_map'));
