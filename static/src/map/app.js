// @ts-check
/** Puts the parts of the page together: one state, one answer to it, and everything that shows the two. */

import {countClasses, findAnswer} from './answer.js';
import {createCard} from './card.js';
import {liveData} from './data/live.js';
import {parseState} from './data/columns.js';
import {staticData} from './data/static.js';
import {narrow, part, soon} from './dom.js';
import {createFilterPanel} from './filter-panel.js';
import {createTexts} from './i18n.js';
import {createLegend} from './legend.js';
import {matchesOf} from './matches.js';
import {createResults} from './results.js';
import {createSearch} from './search.js';
import {createSelection} from './selection.js';
import {createSheet} from './sheet.js';
import {createStage} from './stage.js';
import {createStore} from './store.js';
import {watchVersions} from './versions.js';

/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./types').Table} Table */
/** @typedef {import('./types').Page} Page */

/** Keys that change neither the answer nor the list. */
const VIEW_ONLY = new Set(['at', 'pitch', 'bearing', 'view', 'layers', 'b', 'floor']);

/** @param {Boot} boot */
export async function createApp(boot) {
  const page = createPage(boot);
  const {store, data} = page;
  /** @type {Table | null} */
  let table = null;
  let versions = boot.versions;
  const placed = new URLSearchParams(location.search).has('at');
  const parts = createParts(page, code => nameOf(table, code, page.texts));

  const show = () => table && parts.show(findAnswer(table, store.get(), boot));
  const answer = soon(show);

  async function load() {
    const first = table === null;
    try {
      table = parseState(await data.state(versions.state, store.get().date));
    } catch (error) {
      parts.results.fail(String(error));
      return;
    }
    show();
    await parts.selection.renew(first && !placed);
  }

  store.on((state, changed) => {
    if (changed.has('date')) load();
    if ([...changed].some(key => !VIEW_ONLY.has(key))) answer();
    if (changed.has('b')) {
      parts.results.mark(state.b);
      // Going back brings the camera of that moment with it.
      parts.selection.renew(!changed.has('at'));
    } else if (changed.has('floor')) parts.selection.choose(state.floor);
  });
  watchVersions(data, versions, (next, changed) => {
    versions = next;
    parts.stage.renew(next, changed);
    if (changed.includes('state')) load();
  });
  await load();
}

/** How much farther a phone stands back, so that as much of the district is in its narrow view. */
const STEP_BACK = 0.65;

/** @param {Boot} boot @returns {Page} */
function createPage(boot) {
  const start = narrow() ? {...boot.start, zoom: boot.start.zoom - STEP_BACK} : boot.start;
  const data = (boot.adapter === 'static' ? staticData : liveData)(boot);
  const address = (/** @type {string} */ code) => boot.urls.building.replace('{code}', encodeURIComponent(code));
  return {boot, texts: createTexts(boot), store: createStore(start), data, address};
}

/** @param {Page} page @param {(code: string) => string} nameOf */
function createParts(page, nameOf) {
  const {store} = page;
  /** @type {import('./types').Answer | null} */
  let last = null;
  const stage = createStage({...page, onHover: id => results.light(id), onFloor: floor => card.light(floor)});
  const results = createResults({...page, onHover: id => stage.light(id)});
  const filters = createFilterPanel(part('filters'), page);
  const legend = createLegend({...page, box: part('legend')});
  const card = createCard({
    ...page,
    onFloor: floor => stage.markFloor('hover', floor),
    matchesOf: code => matchesOf(last, code),
  });
  createSearch(page);
  createSheet(part('panel'), /** @type {HTMLButtonElement} */ (part('grip')));
  return {
    stage,
    results,
    selection: createSelection({...page, card, stage, nameOf}),
    /** @param {import('./types').Answer} answer */
    show(answer) {
      last = answer;
      results.update(answer);
      card.renew();
      filters.update(answer);
      legend.update(store.get(), answer.colouring, countClasses(answer));
      stage.update(answer);
      document.body.dataset.ready = 'yes';
    },
  };
}

/** @param {Table | null} table @param {string} code @param {import('./i18n.js').Texts} texts */
function nameOf(table, code, texts) {
  const b = table?.row(code) ?? -1;
  return (table && b >= 0 && texts.name(table.buildings.name.at(b), table.buildings.name_en.at(b))) || code;
}
