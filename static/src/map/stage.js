// @ts-check
/**
 * The part of the page where the map stands: starts it, feeds it with answers, and does without it when it cannot be.
 */

import {connectPage} from './controls.js';
import {afterFrame, part} from './dom.js';
import {showDrawing} from './plain.js';
import {keepPrintable} from './print.js';
import {position} from './labels.js';
import {createScene} from './scene.js';
import {middle} from './shape-control.js';

/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').Page} Page */
/** @typedef {Awaited<ReturnType<typeof createScene>>} Scene */

/** @param {Page & import('./scene.js').Ears} page */
export function createStage(page) {
  /** @type {Answer | null} */
  let answer = null;
  /** @type {Detail | null} */
  let selected = null;
  /** @type {Detail | null} */
  let today = null;
  /** @type {Scene | null} */
  let scene = null;

  /** Today's map beside that of a past day. @type {Promise<import('./beside.js').Beside> | null} */
  let beside = null;

  connectPage(page);
  part('stage').classList.toggle('split', canDraw() && isSplit(page));
  const made = canDraw() ? createScene(page, () => answer) : Promise.reject(new Error('WebGL 2 is missing.'));
  const placed = made.then(
    ready => {
      scene = ready;
      keepPrintable(ready.view.map, part('stage'));
      if (answer) scene.show(answer);
      select(selected, page.store.get().floor, today);
      page.store.on(split);
    },
    error => giveUp(error, page),
  );

  const paint = afterFrame(() => {
    if (!answer) return;
    scene?.show(answer);
    const shown = answer;
    beside?.then(other => other.show(shown));
    if (!beside) split();
  });

  /** Put today's map beside that of a past day, or take it away. */
  function split() {
    const on = isSplit(page);
    if (!scene || !answer || on === (beside !== null)) return;
    if (part('stage').classList.contains('split') !== on) {
      part('stage').classList.toggle('split', on);
      scene.view.map.resize();
      if (selected) goTo(selected.code);
    }
    if (!on) {
      beside?.then(other => other.remove());
      beside = null;
      return;
    }
    const {map} = scene.view;
    beside = import('./beside.js').then(({createBeside}) => createBeside(page, map));
    beside.then(
      other => {
        if (answer) other.show(answer);
        other.select(today, page.store.get().floor);
      },
      error => {
        console.warn(String(error));
        page.store.set({beside: 'off'});
      },
    );
  }

  /** Move the camera to a building; false where it is not known yet where that stands. @param {string} code */
  function goTo(code) {
    const b = answer?.table.row(code) ?? -1;
    if (!answer || b < 0) return false;
    scene?.view.goTo(position(answer.table.buildings, b), answer.table.buildings.height[b]);
    return true;
  }
  /**
   * Cut a building into its floors; null = none.
   * @param {Detail | null} detail as it stands on the day shown
   * @param {number | null} floor
   * @param {Detail | null} [now] as it stands today
   */
  function select(detail, floor, now = detail) {
    [selected, today] = [detail, now];
    const b = answer?.table.row(detail?.code ?? '') ?? -1;
    const id = answer && b >= 0 ? answer.table.buildings.id[b] : (scene?.idOf(detail?.code ?? '') ?? 0);
    scene?.select(id, detail, floor);
    beside?.then(other => other.select(now, floor));
  }

  return {
    /** Kept when it is known what is in view, and tiles have been asked for. */
    placed,
    /** Kept when the map shows its first tiles, or never will. @type {Promise<void>} */
    drawn: placed.then(() => scene?.view.drawn),
    /** What is in view; everything where there is no map. */
    bounds: () => scene?.view.bounds() ?? page.boot.bounds ?? WORLD,
    /** Where the map stands still already, let it say so once more. */
    settle: () => scene?.view.map.loaded() && scene.view.map.triggerRepaint(),
    goTo,
    /** Move the camera to a building that only its facts are known of. @param {Detail} detail */
    goToDetail(detail) {
      scene?.view.goTo(middle(detail.outline), detail.height_m ?? 0);
    },
    select,
    /** @param {Answer} next */
    update(next) {
      answer = next;
      paint();
    },
    /** Light up a building on the map; 0 = none. @param {number} id */
    light: id => scene?.painter.mark('hover', id),
    /** @param {'hover' | 'pick'} flag @param {number | null} floor */
    markFloor(flag, floor) {
      scene?.slices.mark(flag, floor);
      beside?.then(other => other.markFloor(flag, floor));
    },
    /** @param {Record<string, number>} versions @param {string[]} changed */
    renew(versions, changed) {
      changed.forEach(layer => scene?.view.renew(layer, versions[layer]));
      beside?.then(other => other.renew(versions, changed));
    },
  };
}

/** @type {import('./types').Box} */
const WORLD = [-180, -85, 180, 85];

/** Whether two maps are asked for. @param {Page} page */
function isSplit({store, boot}) {
  const {date, beside} = store.get();
  return date !== '' && beside === 'on' && boot.mode !== 'window';
}

/** Whether the browser can draw the map at all. */
const canDraw = () => Boolean(document.createElement('canvas').getContext('webgl2'));

/** Say why there is no map, and show a drawing instead; list, filters and cards go on. @param {Error} error @param {Page} page */
function giveUp(error, page) {
  console.warn(error.message);
  part('stage').classList.add('no-map');
  showDrawing(part('map'), page);
}
