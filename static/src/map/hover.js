// @ts-check
/** What the pointer finds on the map: lights up buildings and floors, shows a small card, and selects by a click. */

import {h, part} from './dom.js';
import {dayNumber} from './filters.js';
import {summarise} from './results-model.js';

/** @typedef {import('./results.js').Answer} Answer */
/** @typedef {{kind: 'building' | 'floor' | 'cluster' | 'station', id: number, properties: Record<string, any>}} Target */

const LAYERS = {slices: 'floor', towers: 'building', 'flat-listed': 'building', names: 'building', bubbles: 'building', landmarks: 'building', amenities: 'station', stations: 'station', 'cluster-fill': 'cluster'};
const GAP_PX = 16;

/** What lies uppermost at a point. @param {import('maplibre-gl').Map} map @param {import('maplibre-gl').PointLike} point @returns {Target | null} */
function findTarget(map, point) {
  const [top] = map.queryRenderedFeatures(point, {layers: Object.keys(LAYERS)});
  return top ? {kind: /** @type {any} */ (LAYERS)[top.layer.id], id: Number(top.id), properties: top.properties} : null;
}

/** @param {{map: import('maplibre-gl').Map, onHover: (target: Target | null) => void, onClick: (target: Target | null) => void, describe: (target: Target) => Node[]}} context */
export function watchPointer({map, onHover, onClick, describe}) {
  const box = part('hover');
  let last = '';

  map.on('mousemove', ({point}) => {
    const target = findTarget(map, point);
    const name = target ? `${target.kind}${target.id}` : '';
    if (name !== last) {
      last = name;
      map.getCanvas().style.cursor = target ? 'pointer' : '';
      box.replaceChildren(...(target ? describe(target) : []));
      onHover(target);
    }
    box.hidden = !box.childElementCount;
    if (!box.hidden) put(box, point, map.getContainer());
  });
  map.on('mouseout', () => {
    last = '';
    box.hidden = true;
    onHover(null);
  });
  map.on('click', ({point}) => onClick(findTarget(map, point)));
  map.on('movestart', () => (box.hidden = true));
}

/** Beside the pointer, inside the map. @param {HTMLElement} box @param {{x: number, y: number}} point @param {HTMLElement} room */
function put(box, {x, y}, room) {
  const left = x + GAP_PX + box.offsetWidth > room.clientWidth ? x - GAP_PX - box.offsetWidth : x + GAP_PX;
  const top = Math.min(y + GAP_PX, room.clientHeight - box.offsetHeight - GAP_PX);
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** The small card of a building. @param {Answer} answer @param {number} b @param {import('./i18n.js').Texts} texts @returns {Node[]} */
export function describeBuilding({table, masks, found, state}, b, texts) {
  const {t} = texts;
  const {buildings} = table;
  const name = h('b', {}, texts.name(buildings.name.at(b), buildings.name_en.at(b)) || buildings.code.at(b));
  if (!buildings.units[b]) return [name, h('span', {}, t('not_followed'))];
  const sum = summarise(table, masks, b);
  const lines = [
    [t('vacancy_rate'), buildings.leasable[b] ? texts.percent(buildings.vacant[b] / buildings.leasable[b]) : '–'],
    [t('matching'), found.units[b] ? `${texts.area(found.area[b])} · ${t('units', {n: found.units[b]})}` : t('none')],
    [t('rent'), Number.isNaN(sum.low) ? '–' : texts.rents(sum.low, sum.high, state.rent_unit)],
    [t('reported'), buildings.reported[b] ? texts.ago(dayNumber(table.asOf) - buildings.reported[b]) : t('undated')],
  ];
  return [name, h('dl', {}, lines.map(([label, value]) => [h('dt', {}, label), h('dd', {}, value)]).flat())];
}
