// @ts-check
/** Puts the parts of the page together: one state, one answer to it, and everything that shows the two. */

import {createCard} from './card.js';
import {classify} from './colours.js';
import {liveData} from './data/live.js';
import {parseState} from './data/columns.js';
import {staticData} from './data/static.js';
import {part, soon} from './dom.js';
import {createFilterPanel} from './filter-panel.js';
import {judge, sumUp} from './filters.js';
import {createTexts} from './i18n.js';
import {createLegend} from './legend.js';
import {createResults} from './results.js';
import {createSearch} from './search.js';
import {createSheet} from './sheet.js';
import {createStage} from './stage.js';
import {createStore} from './store.js';
import {watchVersions} from './versions.js';

/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').State} State */
/** @typedef {import('./results.js').Answer & {colouring: import('./colours.js').Colouring}} Answer */

/** Keys that change neither the answer nor the list. */
const VIEW_ONLY = new Set(['at', 'pitch', 'bearing', 'view', 'layers', 'b', 'floor']);

/** @param {Boot} boot */
export async function createApp(boot) {
  const texts = createTexts(boot);
  const store = createStore(boot.start);
  const data = (boot.adapter === 'static' ? staticData : liveData)(boot);
  const address = (/** @type {string} */ code) => boot.urls.building.replace('{code}', encodeURIComponent(code));
  const context = {boot, texts, store, data, address};
  /** @type {Table | null} */
  let table = null;
  let versions = boot.versions;

  const stage = createStage({...context, onHover: id => results.light(id)});
  const results = createResults({...context, onHover: id => stage.light(id)});
  const filters = createFilterPanel({...context, box: part('filters')});
  const legend = createLegend({...context, box: part('legend')});
  const card = createCard({...context, onFloor: floor => stage.lightFloor(floor)});
  createSearch(context);
  createSheet(part('panel'), /** @type {HTMLButtonElement} */ (part('grip')));
  const selection = createSelection({...context, card, stage, nameOf: code => nameOf(table, code, texts)});

  const answer = soon(() => {
    if (!table) return;
    const state = store.get();
    const next = findAnswer(table, state, boot);
    results.update(next);
    filters.update(table, next.masks, state);
    legend.update(state, next.colouring, countClasses(next));
    stage.update(next);
    document.body.dataset.ready = 'yes';
  });

  async function load() {
    table = parseState(await data.state(versions.state, store.get().date));
    answer();
    selection.renew();
  }

  store.on((state, changed) => {
    if (changed.has('date')) load();
    if ([...changed].some(key => !VIEW_ONLY.has(key))) answer();
    if (changed.has('b')) {
      results.mark(state.b);
      selection.renew();
    } else if (changed.has('floor')) selection.choose(state.floor);
  });
  watchVersions(data, versions, (next, changed) => {
    versions = next;
    stage.renew(next, changed);
    if (changed.includes('state')) load();
  });

  await load();
}

/** Everything that follows from a state. @param {Table} table @param {State} state @param {Boot} boot @returns {Answer} */
function findAnswer(table, state, boot) {
  const colouring = classify(table, state.by, boot);
  const masks = judge(table, state, {only: state.only, classes: colouring, fold: boot.fold});
  return {table, masks, found: sumUp(table, masks), state, colouring};
}

/** Matching buildings of each class; those that the legend hides count as if it did not. @param {Answer} answer */
function countClasses({table, masks, colouring, found}) {
  const counts = new Array(colouring.classes.length).fill(0);
  const others = ~(1 << masks.rules.indexOf(colouring.filter || 'only'));
  const seen = new Set(found.rows);
  table.units.b.forEach((b, u) => (masks.unit[u] & others) === 0 && seen.add(b));
  if (found.bare) masks.building.forEach((mask, b) => (mask & others) === 0 && seen.add(b));
  for (const b of seen) counts[colouring.of[b]]++;
  return counts;
}

/** @param {Table | null} table @param {string} code @param {import('./i18n.js').Texts} texts */
function nameOf(table, code, texts) {
  for (let b = 0; b < (table?.buildings.n ?? 0); b++) if (table?.buildings.code.at(b) === code) return texts.name(table.buildings.name.at(b), table.buildings.name_en.at(b)) || code;
  return code;
}

/** Keeps card, slices and camera at the selected building.
 * @param {{store: import('./store.js').Store, data: import('./types').Data, texts: import('./i18n.js').Texts, card: ReturnType<typeof createCard>, stage: ReturnType<typeof createStage>, nameOf: (code: string) => string}} context
 */
function createSelection({store, data, texts, card, stage, nameOf}) {
  let asked = '';
  return {
    async renew() {
      const {b, floor} = store.get();
      const fresh = b !== asked;
      asked = b;
      document.body.classList.toggle('selected', b !== '');
      if (!b) {
        card.hide();
        stage.select(null, null, false);
        return;
      }
      if (fresh) {
        card.wait(nameOf(b));
        stage.point(b);
      }
      try {
        const detail = await data.building(b);
        if (asked !== b) return;
        card.show(detail, floor);
        stage.select(detail, floor, fresh);
      } catch {
        if (asked === b) card.fail(nameOf(b), texts.t('building_failed'));
      }
    },
    /** @param {number | null} floor */
    choose(floor) {
      card.choose(floor);
      stage.chooseFloor(floor);
    },
  };
}
