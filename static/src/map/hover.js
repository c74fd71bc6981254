// @ts-check
/** What the pointer finds on the map, and the small card that follows it. */

import {part} from './dom.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {'building' | 'floor' | 'cluster' | 'amenity' | 'cell'} Kind */
/** @typedef {{kind: Kind, id: number, properties: Record<string, any>}} Target */
/**
 * @typedef {object} Pointer
 * @property {Map} map
 * @property {(target: Target | null) => void} onHover
 * @property {(target: Target | null, place: import('maplibre-gl').LngLat) => void} onClick
 * @property {(target: Target) => Node[]} describe
 */

/**
 * Layers that answer the pointer → what they show; the first one hit counts, so that floors are found behind glassy
 * towers.
 * @type {Record<string, Kind>}
 */
const LAYERS = {
  names: 'building',
  bubbles: 'building',
  landmarks: 'building',
  stations: 'amenity',
  amenities: 'amenity',
  slices: 'floor',
  'market-towers': 'building',
  'market-flat': 'building',
  towers: 'building',
  'flat-listed': 'building',
  'market-grid': 'cell',
  'cluster-fill': 'cluster',
};
const GAP_PX = 16;

/** @param {Pointer} pointer */
export function watchPointer({map, onHover, onClick, describe}) {
  const box = part('hover');
  let last = '';

  map.on('mousemove', ({point}) => {
    const target = findTarget(map, point);
    const name = target ? `${target.kind}${target.id || JSON.stringify(target.properties)}` : '';
    if (name !== last) {
      last = name;
      map.getCanvas().style.cursor = target ? 'pointer' : '';
      box.replaceChildren(...(target ? describe(target) : []));
      onHover(target);
    }
    box.hidden = !box.childElementCount;
    if (!box.hidden) put(box, point, map.getContainer(), part('card'));
  });
  map.on('mouseout', () => {
    last = '';
    box.hidden = true;
    onHover(null);
  });
  map.on('click', ({point, lngLat}) => onClick(findTarget(map, point), lngLat));
  map.on('movestart', () => (box.hidden = true));
}

/**
 * What lies uppermost at a point.
 * @param {Map} map
 * @param {import('maplibre-gl').Point} point
 * @returns {Target | null}
 */
function findTarget(map, point) {
  const order = Object.keys(LAYERS).filter(layer => map.getLayer(layer));
  const found = map.queryRenderedFeatures(point, {layers: order});
  const [top] = found.sort((a, b) => order.indexOf(a.layer.id) - order.indexOf(b.layer.id));
  return top ? {kind: LAYERS[top.layer.id], id: Number(top.id ?? 0), properties: top.properties} : null;
}

/**
 * Beside the pointer, inside what the card of the selected building leaves free of the map.
 * @param {HTMLElement} box
 * @param {{x: number, y: number}} point
 * @param {HTMLElement} map
 * @param {HTMLElement} card
 */
function put(box, point, map, card) {
  const [x, y] = [point.x + map.offsetLeft, point.y];
  const free = card.hidden ? (card.parentElement?.clientWidth ?? 0) : card.offsetLeft;
  const left = x + GAP_PX + box.offsetWidth > free ? x - GAP_PX - box.offsetWidth : x + GAP_PX;
  const top = Math.min(y + GAP_PX, map.clientHeight - box.offsetHeight - GAP_PX);
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
