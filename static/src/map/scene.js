// @ts-check
/** The living map: colours, labels, slices, the pointer and the sources of what is on screen. */

import {onScreen, writeAttribution} from './attribution.js';
import {connectMap} from './controls.js';
import {part, soon} from './dom.js';
import {describe} from './hover-card.js';
import {watchPointer} from './hover.js';
import {createLabels} from './labels.js';
import {createMap} from './map.js';
import {createPainter} from './paint.js';
import {createSketch} from './sketch.js';
import {createSlices} from './slices.js';
import {createWalkLayer} from './walk-layer.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').Page} Page */
/** @typedef {import('./hover.js').Target} Target */
/**
 * @typedef {object} Ears who is told what the pointer is on
 * @property {(building: number) => void} onHover 0 = none
 * @property {(floor: number | null) => void} onFloor
 */

/** @param {Page & Ears} page @param {() => Answer | null} getAnswer */
export async function createScene(page, getAnswer) {
  const view = await createMap(part('map'), page);
  const painter = createPainter(view.map);
  const slices = createSlices(view.map);
  const labels = createLabels(view, page.texts);
  /** @type {import('./types').BuildingDetail | null} */
  let selected = null;
  connectMap(view, page);
  attribute(view, page);
  watchPointer({
    map: view.map,
    describe: target => describe(target, getAnswer(), page.texts),
    onClick: (target, place) => sketch.busy() || walk.busy() || act(target, place, getAnswer(), page.store, view),
    onHover(target) {
      const building = target?.kind === 'building' ? target.id : 0;
      painter.mark('hover', building);
      const floor = target?.kind === 'floor' ? target.id : null;
      slices.mark('hover', floor);
      page.onFloor(floor);
      page.onHover(building);
    },
  });
  const sketch = createSketch(view.map, page);
  const walk = createWalkLayer(view.map, page);

  return {
    view,
    painter,
    slices,
    /** @param {Answer} answer */
    show(answer) {
      view.answered(answer);
      if (page.boot.mode !== 'window') painter.colour(answer.table, answer.colouring, answer.found.rows);
      labels.show(answer);
    },
    /** The id of a building that is on screen, 0 when it is not. @param {string} code */
    idOf: code => idOf(view.map, code),
    /**
     * @param {number} id 0 = none
     * @param {import('./types').BuildingDetail | null} detail
     * @param {number | null} floor
     */
    select(id, detail, floor) {
      const sliced = detail?.floors.some(({position, top_m}) => position > 0 && top_m > 0) ?? false;
      selected = detail;
      mark(id);
      slices.show(detail);
      slices.mark('pick', floor);
      view.focus(sliced);
      // Its tile may still be on its way.
      if (detail && !id) view.map.once('idle', () => selected === detail && mark(idOf(view.map, detail.code)));

      /** @param {number} id */
      function mark(id) {
        painter.mark('pick', id);
        painter.mark('sliced', sliced ? id : 0);
      }
    },
  };
}

/** The id of a building on screen, 0 when it is not. @param {import('maplibre-gl').Map} map @param {string} code */
export function idOf(map, code) {
  if (!code) return 0;
  /** @type {any} */
  const filter = ['==', ['get', 'code'], code];
  const [found] = map.querySourceFeatures('buildings', {sourceLayer: 'buildings', filter});
  return Number(found?.id ?? 0);
}

/** Keep the sources of what is on screen named. @param {import('./map.js').MapView} view @param {Page} page */
function attribute(view, {boot, store, texts}) {
  const write = soon(() => {
    const sources = onScreen(boot.attribution, store.get().layers, view.bounds());
    writeAttribution(part('attribution'), sources, texts.t('sources'));
  });
  view.map.on('moveend', write);
  store.on(write);
  write();
}

/**
 * What a click does.
 * @param {Target | null} target
 * @param {import('maplibre-gl').LngLat} place
 * @param {Answer | null} answer
 * @param {import('./store.js').Store} store
 * @param {import('./map.js').MapView | null} view
 */
export function act(target, place, answer, store, view) {
  const {b, floor, cluster} = store.get();
  if (target?.kind === 'floor') store.set({floor: floor === target.id ? null : target.id});
  else if (target?.kind === 'building') {
    const code = codeOf(target, answer);
    if (code && code !== b) store.set({b: code, floor: null});
  } else if (target?.kind === 'cluster') {
    const {code} = target.properties;
    store.set({cluster: cluster.includes(code) ? [] : [code]});
  } else if (target?.kind === 'cell') view?.approach(place);
  else if (!target && b) store.set({b: '', floor: null});
}

/** @param {Target} target @param {Answer | null} answer */
function codeOf({id, properties}, answer) {
  if (properties.code) return String(properties.code);
  const row = answer?.table.buildings.id.indexOf(id) ?? -1;
  return answer && row >= 0 ? answer.table.buildings.code.at(row) : '';
}
