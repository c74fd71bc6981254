// @ts-check
// Somebody's choice, above everything else: what was written about it, and its lines in their order.
import {STATES} from './data.js';
import {area, el, rent, say} from './words.js';

/** @typedef {import('./data.js').Pick} Pick */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./data.js').Unit} Unit */

/**
 * @param {Pick[]} picks
 * @param {(tower: Tower | null) => void} choose
 */
export function choice(picks, choose) {
  const greeting = say('greeting'), sender = say('sender');
  return el('section', {class: 'choice-of'},
    greeting && el('p', {class: 'as-written'}, greeting),
    sender && el('p', {class: 'muted'}, sender),
    el('h2', {}, say('heading')),
    el('ol', {class: 'results picks'}, ...picks.map(pick => line(pick, choose))));
}

/**
 * @param {Pick} pick
 * @param {(tower: Tower | null) => void} choose
 */
function line({number, tower, units, note, said, gone}, choose) {
  const words = [...said.map(text => el('small', {class: 'muted'}, text)), note && el('p', {class: 'note'}, note)];
  if (!tower) return el('li', {class: 'gone'}, el('span', {class: 'pin'}, String(number)), ` ${gone} · ${say('gone')}`, ...words);
  const labels = units.map(unit => unit.label).join(' + ');
  return el('li', {}, el('button', {type: 'button', click: () => choose(tower)},
    el('span', {class: 'pin'}, String(number)), el('b', {}, `${tower.name} ${labels}`.trim()),
    ...units.map(facts), !units.length && el('span', {class: 'muted'}, [tower.grade, tower.floors && say('n_floors', {n: tower.floors})].filter(Boolean).join(' · ')),
    ...words));
}

/** @param {Unit} unit */
function facts(unit) {
  const state = STATES[unit.status];
  const known = [area(unit.area), say(`st_${state}`), unit.rent === null ? '' : rent(unit.rent, unit.rentUnit)];
  return el('span', {}, el('i', {class: `swatch st-${state}`}), known.filter(Boolean).join(' · '));
}
