// @ts-check
/** Keeps card, slices and camera at the selected building. */

import {momentQuery} from './past.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').Page} Page */
/**
 * @typedef {object} Parts
 * @property {ReturnType<typeof import('./card.js').createCard>} card
 * @property {ReturnType<typeof import('./stage.js').createStage>} stage
 * @property {(code: string) => string} nameOf
 * @property {(detail: Detail) => Detail} asShown a building as it stands on the day that is shown
 */

/** @param {Page & Parts} page */
export function createSelection({boot, store, data, texts, card, stage, nameOf, asShown}) {
  const windowed = boot.mode === 'window';
  let asked = '';
  /** @type {Detail | null} */
  let found = null;

  function show() {
    if (!found) return;
    const {floor, date} = store.get();
    // A window may not hold the building: there the server says how it stood.
    const shown = date && !windowed ? asShown(found) : found;
    card.show(shown, floor);
    stage.select(shown, floor, found);
  }

  /** Fetch what is selected and show it; the camera moves only to another building. @param {boolean} move */
  async function renew(move) {
    const {b} = store.get();
    const other = b !== asked;
    asked = b;
    if (other) found = null;
    document.body.classList.toggle('selected', b !== '');
    if (other) stage.select(null, null);
    if (!b) return card.hide();
    if (other) card.wait(nameOf(b));
    const there = !(other && move) || stage.goTo(b);
    const moment = windowed ? momentQuery(store.get()) : '';
    const detail = await data.building(b, moment).catch(() => null);
    if (asked !== b || (windowed && moment !== momentQuery(store.get()))) return;
    if (!detail) return card.fail(nameOf(b), texts.t('building_failed'));
    if (!there) stage.goToDetail(detail);
    found = detail;
    show();
  }

  return {
    renew,
    /** Another day is shown. */
    again: () => (windowed ? renew(false) : show()),
    /** @param {number | null} floor */
    choose(floor) {
      card.choose(floor);
      stage.markFloor('pick', floor);
    },
  };
}
