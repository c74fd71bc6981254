// @ts-check
/** Today's map beside the one of a past day: same camera, filters and selection, colours of its own. */

import {findAnswer} from './answer.js';
import {parseState} from './data/columns.js';
import {h, part} from './dom.js';
import {describe} from './hover-card.js';
import {watchPointer} from './hover.js';
import {createIcons} from './icons.js';
import {createLabels} from './labels.js';
import {focus, newMap, seen, show} from './map.js';
import {createPainter} from './paint.js';
import {act, idOf} from './scene.js';
import {createSlices} from './slices.js';
import {writeTraditional} from './style/hant.js';
import {SOURCES_OF} from './style/style.js';
import {freeBounds, makeRoom} from './view.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').Answer} Answer */
/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').Page} Page */
/** @typedef {Awaited<ReturnType<typeof createBeside>>} Beside */

/** @param {Page} page @param {Map} past the map of the past day */
export async function createBeside(page, past) {
  const {boot, store, data, texts} = page;
  const box = h('div.map.beside', {id: 'beside'});
  const captions = [h('p.day-of.past'), h('p.day-of.present')];
  part('map').after(box, ...captions);
  const {map} = await newMap(box, page, null);
  map.getCanvas().setAttribute('aria-label', `${texts.t('map_title')} · ${texts.t('today')}`);
  makeRoom(map, box);
  map.on('resize', () => makeRoom(map, box));
  if (boot.locale === 'zh-Hant') writeTraditional(map, texts.script);
  await new Promise(done => map.once('style.load', done));
  show(map, store.get());
  await createIcons(map, boot.words.amenity);
  const painter = createPainter(map);
  const slices = createSlices(map);
  const view = {
    map,
    bounds: () => freeBounds(map),
    setPoints: (/** @type {string} */ source, /** @type {import('geojson').FeatureCollection} */ points) =>
      /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource(source)).setData(points),
  };
  const labels = createLabels(view, texts);
  const leave = keepTogether(past, map, store);
  /** @type {Answer | null} */
  let answer = null;
  let table = parseState(await data.state(boot.versions.state, '', ''));

  watchPointer({
    map,
    describe: target => describe(target, answer, texts),
    onClick: (target, place) => act(target, place, answer, store, null),
    onHover: target => painter.mark('hover', target?.kind === 'building' ? target.id : 0),
  });

  return {
    /** Answer for today what has been answered for the past day. @param {Answer} then */
    show(then) {
      answer = findAnswer(table, then.state, boot, then.inView ? view.bounds() : null, page.walks.of(then.state));
      painter.colour(table, answer.colouring, answer.found.rows);
      labels.show(answer);
      [then, answer].forEach((each, i) => captions[i].replaceChildren(...caption(each, i === 1, texts)));
      show(map, then.state);
    },
    /** Cut the building into the floors it has today. @param {Detail | null} detail @param {number | null} floor */
    select(detail, floor) {
      const row = table.row(detail?.code ?? '');
      const id = row < 0 ? idOf(map, detail?.code ?? '') : table.buildings.id[row];
      painter.mark('pick', id);
      const sliced = detail?.floors.some(({position, top_m}) => position > 0 && top_m > 0) ?? false;
      painter.mark('sliced', sliced ? id : 0);
      focus(map, sliced);
      slices.show(detail);
      slices.mark('pick', floor);
    },
    /** @param {'hover' | 'pick'} flag @param {number | null} floor */
    markFloor: (flag, floor) => slices.mark(flag, floor),
    /** Go over to new versions. @param {Record<string, number>} versions @param {string[]} changed */
    async renew(versions, changed) {
      for (const layer of changed)
        for (const name of SOURCES_OF[layer] ?? [layer])
          /** @type {import('maplibre-gl').VectorTileSource | undefined} */ (map.getSource(name))?.setTiles([
            data.tiles(layer, versions[layer]),
          ]);
      if (changed.includes('state')) table = parseState(await data.state(versions.state, '', ''));
    },
    remove() {
      leave();
      map.remove();
      for (const element of [box, ...captions]) element.remove();
    },
  };
}

/** What one side shows: its day, and what matches then. @param {Answer} answer @param {boolean} now @param {import('./i18n.js').Texts} texts */
function caption({table, found}, now, texts) {
  const sums = texts.t('side_sums', {n: texts.number(found.totalUnits), area: texts.area(found.totalArea)});
  return [h('b', now ? texts.t('today') : table.asOf), ' ', h('span', sums)];
}

/**
 * Let two maps move as one; gives what lets them go.
 * @param {Map} one
 * @param {Map} other
 * @param {import('./store.js').Store} store
 */
function keepTogether(one, other, store) {
  let leading = false;
  const lead = (/** @type {Map} */ from, /** @type {Map} */ to) => () => {
    if (leading) return;
    leading = true;
    const [center, zoom, bearing, pitch] = [from.getCenter(), from.getZoom(), from.getBearing(), from.getPitch()];
    to.jumpTo({center, zoom, bearing, pitch}, {led: true});
    leading = false;
  };
  const [forth, back] = [lead(one, other), lead(other, one)];
  const keep = (/** @type {any} */ {led}) => led || store.set(seen(other));
  one.on('move', forth);
  other.on('move', back);
  other.on('moveend', keep);
  return () => {
    one.off('move', forth);
  };
}
