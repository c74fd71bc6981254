// @ts-check
// One building in the panel: facts, stacking plan, and what can be taken, with the age of every word.
import {STATES} from './data.js';
import {area, el, percent, rent, say} from './words.js';

/** @typedef {import('./data.js').Cell} Cell */
/** @typedef {import('./data.js').PlanTable} PlanTable */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./data.js').Unit} Unit */

/**
 * @param {Tower} tower
 * @param {Unit[]} units those that match
 * @param {() => void} back
 * @param {Unit | undefined} meant the unit that the file is about
 */
export function towerView(tower, units, back, meant) {
  const badges = [tower.grade, tower.status].filter(Boolean).map(each => el('span', {class: 'badge'}, each));
  const title = el('h2', {tabindex: -1}, tower.name);
  return el(
    'article', {class: 'tower'},
    el('button', {class: 'back', type: 'button', click: back}, '‹ ' + say('back')),
    el('header', {}, title, ...badges, tower.address && el('p', {class: 'muted'}, tower.address)),
    figures(tower, units),
    units.length ? unitTable(units, each => tower.picked.has(each) || each === meant) : el('p', {class: 'muted'}, say('none_here')),
    el('h3', {}, say('plan')),
    legend(),
    el('div', {class: 'plan'}, ...tower.plan.flatMap(tier => el('div', {class: 'tier'}, ...tier.map(table => planTable(table, tower, meant))))),
    !tower.units.length && el('p', {class: 'muted'}, say('no_units')),
  );
}

/**
 * @param {Tower} tower
 * @param {Unit[]} units
 */
function figures(tower, units) {
  const m2 = units.reduce((sum, unit) => sum + (unit.area ?? 0), 0);
  const rows = [
    [say('to_let'), units.length ? `${area(m2)} · ${say('n_units', {n: units.length})}` : '—'],
    [say('rate'), percent(tower.rate)],
    [say('leasable'), area(tower.leasable)],
    [say('floors'), tower.floors ? String(tower.floors) : '—'],
    [say('year'), tower.year ? String(tower.year) : '—'],
    [say('fee'), rent(tower.fee, 'cny_m2_month')],
  ];
  return el('dl', {class: 'facts'}, ...rows.filter(([, fact]) => fact !== '—').flatMap(([term, fact]) => [el('dt', {}, term), el('dd', {}, fact)]));
}

/**
 * @param {Unit[]} units
 * @param {(unit: Unit) => boolean} marked
 */
function unitTable(units, marked) {
  const heads = ['unit', 'area', 'rent', 'stamp'].map(key => el('th', {scope: 'col'}, say(key)));
  const first = [...units].sort((a, b) => Number(marked(b)) - Number(marked(a)) || b.position - a.position);
  const rows = first.map(unit => unitRow(unit, marked(unit)));
  return el('div', {class: 'scroll'}, el('table', {class: 'units'}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows)));
}

/** @param {Unit} unit @param {boolean} marked */
function unitRow(unit, marked) {
  const soon = unit.status === 1 && el('small', {}, unit.available ? say('from', {month: unit.available}) : say('st_soon'));
  const told = unit.verified > unit.reported ? say('verified', {day: unit.verified}) : unit.reported || '—';
  return el(
    'tr', {id: `u-${unit.label}`, class: marked ? 'marked' : ''},
    el('th', {scope: 'row'}, el('i', {class: `swatch st-${STATES[unit.status]}`}), unit.label, soon && el('br'), soon),
    el('td', {}, area(unit.area)),
    el('td', {}, rent(unit.rent, unit.rentUnit), unit.fitout && el('br'), unit.fitout && el('small', {class: 'muted'}, unit.fitout)),
    el('td', {class: unit.stale ? 'old' : 'muted'}, told),
  );
}

function legend() {
  const entries = STATES.map(state => el('li', {}, el('i', {class: `swatch st-${state}`}), say(`st_${state}`)));
  return el('ul', {class: 'legend'}, ...entries);
}

/**
 * @param {PlanTable} table
 * @param {Tower} tower
 * @param {Unit | undefined} meant
 */
function planTable([columns, title, rows], tower, meant) {
  const lines = rows.map(([label, use, cells]) =>
    el('tr', {}, el('th', {scope: 'row'}, label), ...cells.map(cell => planCell(cell, use, tower, meant))));
  const group = el('colgroup', {}, el('col', {class: 'floor'}), el('col', {span: columns}));
  return el('table', {}, el('caption', {class: title ? '' : 'unseen'}, title || say('plan')), group, el('tbody', {}, ...lines));
}

/**
 * @param {Cell} cell
 * @param {string} use
 * @param {Tower} tower
 * @param {Unit | undefined} meant
 */
function planCell([columns, rows, what], use, tower, meant) {
  const span = {colspan: columns, rowspan: rows};
  if (what === -3) return el('td', {...span, class: 'gap'});
  if (what < 0) return el('td', {...span, class: what === -2 ? 'service' : 'rest'}, el('span', {}, what === -2 ? use : ''));
  const unit = tower.units[what];
  const said = `${unit.label} · ${say(`st_${STATES[unit.status]}`)} · ${area(unit.area)}`;
  const more = unit.status < 2 && unit.rent !== null ? ` · ${rent(unit.rent, unit.rentUnit)}` : '';
  const inside = el('span', {}, unit.label, unit.status < 2 && unit.area !== null ? el('b', {}, ` ${area(unit.area)}`) : null);
  const mark = unit === meant || tower.picked.has(unit) ? ' marked' : '';
  return el('td', {...span, class: `st-${STATES[unit.status]}${mark}`, title: said + more}, inside);
}
