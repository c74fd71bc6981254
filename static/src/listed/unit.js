// @ts-check
/** The page of a unit: its figures, the terms of its offer, how old the word is, its floor and what else is to let. */

import {h} from '../map/dom.js';
import {availableOf, besideOf, card, contactCard, crumbs, factList, figure, MARKET, mapButton, placed, storeys, unitTable} from './pieces.js';

/** @typedef {import('./pieces.js').Told} Told */
/** @typedef {import('./pieces.js').Placed} Placed */
/** @typedef {import('./pieces.js').Writer} Writer */

/** @param {Told} building @param {Placed} here @param {Writer} writer @returns {Node[]} */
export function unitPage(building, here, writer) {
  const {say, texts} = writer;
  const {unit, floor} = here;
  const market = MARKET.includes(unit.occupancy);
  const others = placed(building.floors).filter(each => each.unit !== unit && MARKET.includes(each.unit.occupancy));
  const neighbours = placed(building.floors.filter(({position}) => position === floor.position));
  const offer = (building.offers ?? []).find(({id}) => id === unit.offer);
  return /** @type {Node[]} */ ([
    head(building, here, writer),
    figures(here, writer),
    h(
      'div.columns',
      h(
        'div.stack',
        card(say('same_floor'), unitTable(neighbours, writer)),
        card(say('age'), stamp(unit, writer)),
      ),
      h(
        'aside.stack',
        market && offer && card(say('terms'), factList(terms(offer, writer))),
        market && building.contacts && contactCard(building.contacts, writer),
        card(say('place'), h('p', texts.name(building.address, building.address_en) || '—')),
      ),
    ),
    others.length && card(say('more'), unitTable(others, writer)),
  ].filter(Boolean));
}

/** @param {Told} building @param {Placed} here @param {Writer} writer */
function head(building, {unit, floor}, writer) {
  const {say, word, name} = writer;
  const market = MARKET.includes(unit.occupancy);
  const own = writer.nameOf(building);
  return h(
    'header.head',
    h(
      'div',
      crumbs(building, writer, h('a', {href: `#${building.code}`}, own)),
      h('h1', `${own} ${unit.label}`),
      h(
        'p.badges',
        h('span.badge.status', h(`i.swatch.st-${unit.occupancy}`), word('occupancy', unit.occupancy)),
        market && unit.fitout && h('span.badge', word('fitout', unit.fitout)),
        h('span.badge', word('use', unit.use)),
        unit.tenant && h('span.badge', name(unit.tenant)),
      ),
    ),
    h('p.actions.no-print.row', h('a.btn', {href: `#${building.code}`}, say('whole')), mapButton(building, floor.position, writer)),
  );
}

/** @param {Placed} here @param {Writer} writer */
function figures(here, writer) {
  const {say, word, area} = writer;
  const {unit} = here;
  const market = MARKET.includes(unit.occupancy);
  return h(
    'dl.figures',
    figure(say('area'), area(unit.area_m2), word('area_basis', unit.area_basis), unit.min_area_m2 ? say('divisible', {area: area(unit.min_area_m2)}) : ''),
    figure(say('rent'), market && unit.rent ? writer.quoted(Number(unit.rent.amount), unit.rent.unit) : '—', besideOf(unit, writer)),
    figure(say('floor'), storeys(here, writer)),
    figure(say('available'), market ? availableOf(unit, writer) : '—'),
  );
}

/** @param {import('./pieces.js').Unit} unit @param {Writer} writer */
const stamp = (unit, {say, source, texts}) =>
  factList([
    [say('sources'), source(unit.source_id)],
    [say('reported'), unit.reported_on ? h('span', unit.reported_on, unit.stale && h('span.warn', ` ${texts.t('stale_unit')}`)) : say('nobody')],
    [say('recorded', {day: ''}), unit.recorded_on],
    [say('checked', {day: ''}), unit.verified_on ?? say('unchecked')],
  ]);

/** What the offer's owner has published. @param {import('./pieces.js').Offer} offer @param {Writer} writer @returns {[string, any][]} */
function terms(offer, {say, word, texts}) {
  const included = (/** @type {boolean | null} */ yes) => (yes === null ? null : say(yes ? 'included' : 'apart'));
  const months = (/** @type {number | null} */ n) => (n === null ? null : say('months', {n}));
  const free = months(offer.rent_free_months);
  const fee = offer.rent_free_with_fee;
  return [
    [say('kind'), word('offer_kind', offer.kind)],
    [say('tax'), included(offer.tax_included)],
    [say('fee'), included(offer.property_fee_included)],
    [say('rent_free'), free && offer.rent_free_months && fee !== null ? say(fee ? 'with_fee' : 'without_fee', {months: free}) : free],
    [say('deposit'), months(offer.deposit_months)],
    [say('escalation'), offer.escalation_pct === null ? null : texts.percent(offer.escalation_pct / 100)],
    [say('restoration'), offer.restoration_cny_m2 === null ? null : say('restored', {amount: texts.number(offer.restoration_cny_m2)})],
  ];
}
