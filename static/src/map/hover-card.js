// @ts-check
/** The small card beside the pointer: what a building, an amenity or a cluster is. */

import {h} from './dom.js';
import {dayNumber} from './filters.js';
import {summarise} from './results-model.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./hover.js').Target} Target */
/** @typedef {import('./i18n.js').Texts} Texts */

/** @param {Target} target @param {Answer | null} answer @param {Texts} texts @returns {Node[]} empty = no card */
export function describe(target, answer, texts) {
  const b = target.kind === 'building' && answer ? answer.table.buildings.id.indexOf(target.id) : -1;
  if (answer && b >= 0) return describeBuilding(answer, b, texts);
  if (target.kind === 'building') return describeTile(target.properties, answer, texts);
  if (target.kind === 'cell') return describeCell(target.properties, texts);
  if (target.kind === 'amenity') return describeAmenity(target.properties, texts);
  return target.kind === 'cluster' ? describeCluster(target.properties, texts) : [];
}

/** @param {Answer} answer @param {number} b @param {Texts} texts @returns {Node[]} */
function describeBuilding({table, masks, found, state}, b, texts) {
  const {t} = texts;
  const {buildings} = table;
  const name = h('b', texts.name(buildings.name.at(b), buildings.name_en.at(b)) || buildings.code.at(b));
  if (!buildings.units[b]) return [name, h('span', t('not_followed'))];
  const sum = summarise(table, masks, b);
  const share = buildings.leasable[b] ? texts.percent(buildings.vacant[b] / buildings.leasable[b]) : '–';
  const matching = found.units[b] ? `${texts.area(found.area[b])} · ${t('units', {n: found.units[b]})}` : t('none');
  const rent = Number.isNaN(sum.low) ? '–' : texts.rents(sum.low, sum.high, state.rent_unit);
  const age = buildings.reported[b] ? texts.ago(dayNumber(table.asOf) - buildings.reported[b]) : t('undated');
  return [
    name,
    lines([
      [t('vacancy_rate'), share],
      [t('matching'), matching],
      [t('rent'), rent],
      [t('reported'), age],
    ]),
  ];
}

/**
 * A building that is in the tiles alone; it has figures only where it matches the filters.
 * @param {Record<string, any>} properties
 * @param {Answer | null} answer
 * @param {Texts} texts
 * @returns {Node[]}
 */
function describeTile({code, name, name_en, s, u, a, r}, answer, texts) {
  if (!code) return [];
  const {t} = texts;
  const title = h('b', texts.name(name, name_en) || code);
  if (!u) return [title];
  return [
    title,
    lines([
      [t('vacancy_rate'), s === undefined ? '–' : texts.percent(s / 100)],
      [t('matching'), `${texts.area(a)} · ${t('units', {n: u})}`],
      ...(r === undefined
        ? []
        : [/** @type {[string, string]} */ ([t('rent_from'), texts.rent(r, answer?.state.rent_unit ?? 'cny_m2_day')])]),
    ]),
  ];
}

/** A dot of density. @param {Record<string, any>} properties @param {Texts} texts @returns {Node[]} */
const describeCell = ({n, u, a}, texts) => [
  h('b', texts.area(a)),
  h('span', texts.t('cell', {n: texts.number(n), units: texts.number(u)})),
];

/** @param {Record<string, any>} properties @param {Texts} texts @returns {Node[]} */
function describeAmenity({category, name, name_en}, texts) {
  const kind = texts.word('amenity', category);
  const shown = texts.name(name, name_en);
  return shown ? [h('b', shown), h('span', kind)] : [h('b', kind)];
}

/** @param {Record<string, any>} properties @param {Texts} texts @returns {Node[]} */
function describeCluster({group, n, quotient, z, on}, texts) {
  const {t} = texts;
  const figures = lines([
    [t('cluster_n'), texts.number(n)],
    [t('quotient'), t('times', {n: texts.decimal(quotient)})],
    [t('significance'), `z = ${texts.decimal(z)}`],
    [t('cluster_on'), on],
  ]);
  return [
    h('b', t('cluster_title', {name: texts.word('industry', group) || group})),
    figures,
    h('span', t('cluster_hint')),
  ];
}

/** @param {[string, string][]} pairs */
const lines = pairs =>
  h(
    'dl',
    pairs.flatMap(([label, value]) => [h('dt', label), h('dd', value)]),
  );
