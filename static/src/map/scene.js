// @ts-check
/** The living map: colours, labels, slices, the pointer and the sources of what is on screen. */

import {onScreen, writeAttribution} from './attribution.js';
import {connectMap} from './controls.js';
import {part, soon} from './dom.js';
import {describe} from './hover-card.js';
import {watchPointer} from './hover.js';
import {labelPoints} from './labels.js';
import {createMap} from './map.js';
import {createPainter} from './paint.js';
import {createSlices} from './slices.js';

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
  connectMap(view, page);
  attribute(view, page);
  watchPointer({
    map: view.map,
    describe: target => describe(target, getAnswer(), page.texts),
    onClick: target => act(target, getAnswer(), page.store),
    onHover(target) {
      const building = target?.kind === 'building' ? target.id : 0;
      painter.mark('hover', building);
      const floor = target?.kind === 'floor' ? target.id : null;
      slices.mark('hover', floor);
      page.onFloor(floor);
      page.onHover(building);
    },
  });

  return {
    view,
    painter,
    slices,
    /** @param {Answer} answer */
    show({table, found, colouring}) {
      painter.colour(table, colouring, found.rows);
      view.setPoints('labels', labelPoints(table, found, colouring, page.texts));
    },
    /**
     * @param {number} id 0 = none
     * @param {import('./types').BuildingDetail | null} detail
     * @param {number | null} floor
     */
    select(id, detail, floor) {
      const sliced = detail?.floors.some(({position, top_m}) => position > 0 && top_m > 0) ?? false;
      painter.mark('pick', id);
      painter.mark('sliced', sliced ? id : 0);
      slices.show(detail);
      slices.mark('pick', floor);
      view.focus(sliced);
    },
  };
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
 * @param {Answer | null} answer
 * @param {import('./store.js').Store} store
 */
function act(target, answer, store) {
  const {b, floor, cluster} = store.get();
  if (target?.kind === 'floor') store.set({floor: floor === target.id ? null : target.id});
  else if (target?.kind === 'building' && answer) {
    const {buildings} = answer.table;
    const row = buildings.id.indexOf(target.id);
    if (row >= 0 && buildings.code.at(row) !== b) store.set({b: buildings.code.at(row), floor: null});
  } else if (target?.kind === 'cluster') {
    const {code} = target.properties;
    store.set({cluster: cluster.includes(code) ? [] : [code]});
  } else if (!target && b) store.set({b: '', floor: null});
}
