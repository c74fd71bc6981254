// @ts-check
/** Puts the parts of the page together: one state, one answer to it, and everything that shows the two. */

import {createCard} from './card.js';
import {createCityFinder} from './city.js';
import {liveData} from './data/live.js';
import {staticData} from './data/static.js';
import {afterFrame, narrow, part, whenIdle} from './dom.js';
import {createHost} from './framed.js';
import {createFilterPanel} from './filter-panel.js';
import {createTexts} from './i18n.js';
import {createLegend} from './legend.js';
import {matchesOf} from './matches.js';
import {createPartsFinder} from './parts.js';
import {createResults} from './results.js';
import {createSearch} from './search.js';
import {createSelection} from './selection.js';
import {asItStood, momentQuery} from './past.js';
import {createSheet} from './sheet.js';
import {createStage} from './stage.js';
import {createStore} from './store.js';
import {createTimeline} from './timeline.js';
import {watchVersions} from './versions.js';
import {say} from './toast.js';
import {createWalks} from './walks.js';
import {createWindowFinder} from './window.js';

/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./types').Page} Page */
/** @typedef {import('./types').Answer} Answer */

/** How answers are found in what the page is given of the city. */
const FINDERS = {whole: createCityFinder, window: createWindowFinder, parts: createPartsFinder};

/** @param {Boot} boot */
export async function createApp(boot) {
  const page = createPage(boot);
  const {store, data} = page;
  const placed = new URLSearchParams(location.search).has('at');
  const parts = createParts(page);
  const create = FINDERS[boot.mode ?? 'whole'];
  const finder = create(page, parts.ears);

  store.on((state, changed) => {
    parts.follow(state);
    if (changed.has('b')) {
      parts.results.mark(state.b);
      // Going back brings the camera of that moment with it.
      parts.selection.renew(!changed.has('at'));
    } else if (changed.has('floor')) parts.selection.choose(state.floor);
  });
  watchVersions(data, boot.versions, async (next, changed) => {
    parts.stage.renew(next, changed);
    if (!changed.includes('state')) return;
    await finder.renew(next.state);
    await parts.selection.renew(false);
  });
  parts.follow(store.get());
  await finder.load();
  await parts.selection.renew(!placed);
}

/** How much farther a phone stands back, so that as much of the district is in its narrow view. */
const STEP_BACK = 0.65;

/** @param {Boot} boot @returns {Page} */
function createPage(boot) {
  const start = narrow() ? {...boot.start, zoom: boot.start.zoom - STEP_BACK} : boot.start;
  const data = (boot.adapter === 'static' ? staticData : liveData)(boot);
  const {building, unit} = data.addresses;
  const texts = createTexts(boot);
  const walks = createWalks(data, reason => {
    console.warn(reason);
    say(texts.t('walk_failed'));
  });
  const store = createStore(start, boot.framed ? `${boot.prefix}/` : undefined);
  /** A page as it stood on the day that is looked at. @param {string} url */
  const dated = url => [url, data.days ? momentQuery(store.get()) : ''].filter(Boolean).join('?');
  /** @type {Page['address']} */
  const address = code => dated(building(code));
  /** @type {Page['unitAddress']} */
  const unitAddress = (code, of) => dated(unit(code, of));
  return {boot, texts, store, data, walks, address, unitAddress};
}

/** @param {Page} page */
function createParts(page) {
  const {store} = page;
  /** @type {Answer | null} */
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
  if (page.data.days) createTimeline(page);
  createSheet(part('panel'), /** @type {HTMLButtonElement} */ (part('grip')));

  const count = afterFrame(
    whenIdle(() => {
      if (!last) return;
      card.renew();
      filters.count(last);
      legend.count(last.counts.classes());
      if (!performance.getEntriesByName('charts').length) performance.mark('charts');
    }),
  );
  const ready = afterFrame(() => {
    if (document.body.dataset.ready) return;
    document.body.dataset.ready = 'yes';
    stage.settle();
  });
  const host = page.boot.framed ? createHost(store, /** @type {HTMLAnchorElement} */ (part('whole'))) : null;
  const selection = createSelection({
    ...page,
    card,
    stage,
    nameOf: code => nameOf(last, code, page.texts),
    asShown: detail => (last ? asItStood(detail, last.table) : detail),
  });
  return {
    stage,
    results,
    selection,
    /** Show what is asked for, before there is an answer. @param {import('./types').State} state */
    follow(state) {
      filters.follow(state);
      legend.follow(state);
    },
    /** @type {import('./types').Ears} */
    ears: {
      placed: () => stage.placed,
      view: () => stage.bounds(),
      wait: () => results.wait(),
      fail: reason => results.fail(reason),
      delay: part => results.delay(part),
      // Tiles are drawn before the list, the list before what is read last: each is a task of its own.
      async tell(answer) {
        const another = last !== null && last.table.asOf !== answer.table.asOf;
        last = answer;
        page.data.addresses.learn(answer.table);
        stage.update(answer);
        if (another) selection.again();
        await stage.drawn;
        if (last !== answer) return;
        results.update(answer);
        ready();
        host?.tell(answer);
        count();
      },
    },
  };
}

/** @param {Answer | null} answer @param {string} code @param {import('./i18n.js').Texts} texts */
function nameOf(answer, code, texts) {
  const b = answer?.table.row(code) ?? -1;
  if (!answer || b < 0) return '';
  const {name, name_en} = answer.table.buildings;
  return texts.name(name.at(b), name_en.at(b)) || code;
}
