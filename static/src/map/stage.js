// @ts-check
/** The part of the page where the map stands: starts it, feeds it with answers, and does without it when it cannot be. */

import {onScreen, writeAttribution} from './attribution.js';
import {h, part, soon} from './dom.js';
import {describeBuilding, watchPointer} from './hover.js';
import {labelPoints, position} from './labels.js';
import {createLayersPanel} from './layers.js';
import {locate} from './locate.js';
import {createMap} from './map.js';
import {createPainter} from './paint.js';
import {copyLink} from './share.js';
import {createSlices} from './slices.js';

/** @typedef {import('./app.js').Answer} Answer */
/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {{boot: import('./types').Boot, texts: import('./i18n.js').Texts, store: import('./store.js').Store, data: import('./types').Data, onHover: (id: number) => void}} Context */

const TOAST_MS = 3500;

/** @param {Context} context `onHover` is told the id of the building under the pointer, 0 for none */
export function createStage(context) {
  const {boot, store, texts} = context;
  const {t} = texts;
  const box = part('map');
  /** @type {Answer | null} */
  let answer = null;
  /** @type {Detail | null} */
  let selected = null;
  /** @type {Awaited<ReturnType<typeof start>> | null} */
  let live = null;

  const layers = createLayersPanel({box: part('layers'), button: /** @type {HTMLButtonElement} */ (part('open-layers')), boot, t, store});
  layers.update(store.get().layers);
  store.on(({layers: switched, view}) => {
    layers.update(switched);
    part('flat').textContent = view === '3d' ? '2D' : '3D';
  });
  part('flat').textContent = store.get().view === '3d' ? '2D' : '3D';
  addEventListener('click', event => {
    if (event.target instanceof Element && event.target.closest('[data-share]')) copyLink(store.address(), say, t);
  });

  if (canDraw()) start(context, () => answer).then(started => {
    live = started;
    if (answer) live.show(answer);
    if (selected) select(selected, store.get().floor, false);
    else point(store.get().b);
  }, fail);
  else fail();

  /** @param {unknown} [error] */
  function fail(error) {
    if (error) console.warn(String(error));
    box.replaceChildren(h('p.note', {role: 'status'}, t('no_webgl')));
    part('stage').classList.add('no-map');
  }
  /** @param {string} code */
  function point(code) {
    const b = rowOf(answer, code);
    live?.painter.mark('pick', b < 0 || !answer ? 0 : answer.table.buildings.id[b]);
    live?.slices.show(null);
    live?.painter.mark('sliced', 0);
    if (b >= 0 && answer && live && !live.settled()) return;
    if (b >= 0 && answer) live?.view.goTo(position(answer.table.buildings, b), answer.table.buildings.height[b]);
  }
  /** @param {Detail | null} detail @param {number | null} floor @param {boolean} fresh */
  function select(detail, floor, fresh) {
    selected = detail;
    const b = rowOf(answer, detail?.code ?? '');
    const id = b < 0 || !answer ? 0 : answer.table.buildings.id[b];
    live?.painter.mark('pick', id);
    live?.slices.show(detail);
    const sliced = detail?.floors.some(({position, top_m}) => position > 0 && top_m > 0) ?? false;
    live?.painter.mark('sliced', sliced ? id : 0);
    live?.view.focus(sliced);
    live?.slices.mark('pick', floor);
    if (fresh && !answer) point(detail?.code ?? '');
  }

  return {
    /** @param {Answer} next */
    update(next) {
      answer = next;
      live?.show(next);
    },
    /** Light up a building on the map; 0 = none. @param {number} id */
    light: id => live?.painter.mark('hover', id),
    /** @param {number | null} floor */
    lightFloor: floor => live?.slices.mark('hover', floor),
    /** @param {number | null} floor */
    chooseFloor: floor => live?.slices.mark('pick', floor),
    point, select,
    /** @param {Record<string, number>} versions @param {string[]} changed */
    renew: (versions, changed) => changed.forEach(layer => live?.view.renew(layer, versions[layer])),
  };
}

/** @param {Context} context @param {() => Answer | null} getAnswer */
async function start({boot, texts, store, data, onHover}, getAnswer) {
  const {t} = texts;
  const arrived = store.address();
  const view = await createMap({box: part('map'), boot, store, data, t});
  const painter = createPainter(view.map);
  const slices = createSlices(view.map);
  const attribute = soon(() => writeAttribution(part('attribution'), onScreen(boot.attribution, store.get().layers, /** @type {any} */ (view.map.getBounds().toArray().flat())), t('sources')));
  connectControls(view, {store, t});
  view.map.on('moveend', attribute);
  store.on(attribute);
  attribute();

  watchPointer({
    map: view.map,
    describe(target) {
      const answer = getAnswer();
      const b = target.kind === 'building' && answer ? answer.table.buildings.id.indexOf(target.id) : -1;
      return answer && b >= 0 ? describeBuilding(answer, b, texts) : describeOther(target, boot, texts);
    },
    onHover(target) {
      painter.mark('hover', target?.kind === 'building' ? target.id : 0);
      slices.mark('hover', target?.kind === 'floor' ? target.id : null);
      onHover(target?.kind === 'building' ? target.id : 0);
    },
    onClick(target) {
      const answer = getAnswer();
      if (target?.kind === 'floor') store.set({floor: store.get().floor === target.id ? null : target.id});
      else if (target?.kind === 'building' && answer) store.set({b: answer.table.buildings.code.at(answer.table.buildings.id.indexOf(target.id)), floor: null});
      else if (target?.kind === 'cluster') store.set({cluster: store.get().cluster.includes(target.properties.code) ? [] : [target.properties.code]});
      else if (!target && store.get().b) store.set({b: '', floor: null});
    },
  });

  return {
    view, painter, slices,
    /** Whether the camera may be moved to the selection: an address that says a place keeps it. */
    settled: () => store.address() !== arrived || !new URL(arrived).searchParams.has('at'),
    /** @param {Answer} answer */
    show({table, found, colouring}) {
      painter.colour(table, colouring, found.rows);
      const source = /** @type {import('maplibre-gl').GeoJSONSource} */ (view.map.getSource('labels'));
      source.setData(labelPoints(table, found, colouring, texts));
    },
  };
}

/** @param {import('./map.js').MapView} view @param {{store: import('./store.js').Store, t: (key: string) => string}} context */
function connectControls(view, {store, t}) {
  const press = (/** @type {string} */ id, /** @type {() => void} */ act) => part(id).addEventListener('click', act);
  press('zoom-in', () => view.zoom(1));
  press('zoom-out', () => view.zoom(-1));
  press('north', view.north);
  press('near-me', () => locate(view.map, say, t));
  press('flat', () => store.set({view: store.get().view === '3d' ? '2d' : '3d'}));
  press('in-view', () => store.set({bbox: store.get().bbox ? null : /** @type {any} */ (view.map.getBounds().toArray().flat())}));
  const needle = /** @type {SVGElement} */ (part('north').querySelector('svg'));
  const turn = () => (needle.style.transform = `rotate(${-45 - view.map.getBearing()}deg)`);
  view.map.on('rotate', turn);
  turn();
  store.on(({bbox}) => part('in-view').setAttribute('aria-pressed', String(bbox !== null)));
}

/** @param {import('./hover.js').Target} target @param {import('./types').Boot} boot @param {import('./i18n.js').Texts} texts @returns {Node[]} */
function describeOther({kind, properties}, boot, texts) {
  const {t} = texts;
  if (kind === 'station') return [h('b', {}, texts.name(properties.name ?? null, properties.name_en ?? null) || (boot.words.amenity.find(({code}) => code === properties.category)?.name ?? ''))];
  if (kind !== 'cluster') return [];
  const name = boot.words.industry.find(({code}) => code === properties.group)?.name ?? properties.group;
  const lines = [[t('cluster_n'), texts.number(properties.n)], [t('quotient'), texts.decimal(properties.quotient)], ['z', texts.decimal(properties.z)], [t('cluster_on'), properties.on]];
  return [h('b', {}, t('cluster_title', {name})), h('dl', {}, lines.flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)])), h('span', {}, t('cluster_hint'))];
}

/** @param {Answer | null} answer @param {string} code */
function rowOf(answer, code) {
  if (!answer || !code) return -1;
  for (let b = 0; b < answer.table.buildings.n; b++) if (answer.table.buildings.code.at(b) === code) return b;
  return -1;
}

/** Whether the browser can draw the map at all. */
const canDraw = () => Boolean(document.createElement('canvas').getContext('webgl2'));

let quiet = 0;
/** A short message over the map. @param {string} message */
function say(message) {
  const toast = part('toast');
  toast.textContent = message;
  toast.hidden = false;
  clearTimeout(quiet);
  quiet = window.setTimeout(() => (toast.hidden = true), TOAST_MS);
}
