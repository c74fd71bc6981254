// @ts-check
/** Keeps card, slices and camera at the selected building. */

/** @typedef {import('./types').Page} Page */
/**
 * @typedef {object} Parts
 * @property {ReturnType<typeof import('./card.js').createCard>} card
 * @property {ReturnType<typeof import('./stage.js').createStage>} stage
 * @property {(code: string) => string} nameOf
 */

/** @param {Page & Parts} page */
export function createSelection({store, data, texts, card, stage, nameOf}) {
  let asked = '';

  /** Fetch what is selected and show it; the camera moves only to another building. @param {boolean} move */
  async function renew(move) {
    const {b} = store.get();
    const other = b !== asked;
    asked = b;
    document.body.classList.toggle('selected', b !== '');
    if (other) stage.select(null, null);
    if (!b) return card.hide();
    if (other) card.wait(nameOf(b));
    const there = !(other && move) || stage.goTo(b);
    const detail = await data.building(b).catch(() => null);
    if (asked !== b) return;
    if (!detail) return card.fail(nameOf(b), texts.t('building_failed'));
    if (!there) stage.goToDetail(detail);
    card.show(detail, store.get().floor);
    stage.select(detail, store.get().floor);
  }

  return {
    renew,
    /** @param {number | null} floor */
    choose(floor) {
      card.choose(floor);
      stage.markFloor('pick', floor);
    },
  };
}
