// @ts-check
/**
 * The one owner of the map object: makes it, moves its camera, switches its layers and keeps it and the address alike.
 */

import {calm} from './dom.js';
import {createIcons} from './icons.js';
import {AMENITY_GROUPS} from './layers.js';
import {createMarket, lookOf} from './market.js';
import {writeTraditional} from './style/hant.js';
import {createStyle, FLAT, SOLID, SOURCES_OF, SWITCHES} from './style/style.js';
import {fonts} from './style/tokens.js';
import {freeBounds, freeMiddle, makeRoom, roomy} from './view.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Boot} Boot */
/** @typedef {Awaited<ReturnType<typeof createMap>>} MapView */

const MOVE_MS = 900;
const PITCH_3D = 55;
const CLOSE_ZOOM = 16.6;
const MAX_PITCH = 72;
const STREETS_ZOOM = 13.4;
/** Opacity of the other towers while one is cut into floors. */
const BEHIND = 0.4;
/** How long list and counts wait for the first tiles. */
const FIRST_TILES_MS = 1500;

/** Marks when map and list first stood still, for those who measure (`bench/first_view.py`). */
function markFirst() {
  if (document.body.dataset.ready && !performance.getEntriesByName('still').length) performance.mark('still');
}

/**
 * @param {HTMLElement} box
 * @param {import('./types').Page} page
 */
export async function createMap(box, page) {
  const {boot, store, data, texts} = page;
  const windowed = boot.mode === 'window';
  const state = store.get();
  const {map, ScaleControl} = await newMap(box, page, windowed ? lookOf(page, boot.past ?? boot.versions.state) : null);
  makeRoom(map, box);
  map.addControl(new ScaleControl({maxWidth: 96}), 'bottom-right');
  // A map that is led by the one beside it leaves the address to that one.
  map.on('moveend', (/** @type {any} */ {led}) => led || store.set(seen(map)));
  map.on('idle', markFirst);
  if (boot.locale === 'zh-Hant') writeTraditional(map, texts.script);
  map.on('resize', () => makeRoom(map, box));
  map.on('zoom', () => box.parentElement?.style.setProperty('--haze', String(haze(map.getZoom()))));
  await new Promise(done => map.once('style.load', done));
  show(map, state);
  const drawn = firstDrawn(map);
  const market = windowed ? createMarket(map, page) : null;
  await createIcons(map, boot.words.amenity);

  store.on((next, changed) => {
    if (changed.has('view') || changed.has('layers')) show(map, next);
    if (changed.has('view'))
      map.easeTo({
        pitch: next.view === '2d' ? 0 : next.pitch || PITCH_3D,
        ...(next.view === '2d' && {bearing: 0}),
        duration: duration(),
      });
    else if (['at', 'pitch', 'bearing'].some(key => changed.has(/** @type {any} */ (key))) && !same(map, next))
      map.easeTo({...cameraOf(next), duration: duration()});
  });

  return {
    map,
    /** Kept once the first tiles are on screen, or when they are late. */
    drawn,
    /** Bring a building into the free part of the map. @param {[number, number]} center @param {number} height in m */
    goTo(center, height) {
      const flat = store.get().view === '2d';
      const zoom = Math.max(map.getZoom(), CLOSE_ZOOM - Math.max(0, height - 100) / 300);
      map.easeTo({
        center,
        zoom,
        pitch: flat ? 0 : Math.max(map.getPitch(), PITCH_3D),
        offset: freeMiddle(box, flat),
        duration: duration(),
      });
    },
    /** Go nearer to a place, to where buildings can be told apart. @param {import('maplibre-gl').LngLat} center */
    approach: center => map.easeTo({center, zoom: Math.max(map.getZoom() + 1.5, STREETS_ZOOM), duration: duration()}),
    /** West, south, east and north of what is in view. @returns {import('./types').Box} */
    bounds: () => freeBounds(map),
    /** @param {string} source @param {import('geojson').FeatureCollection} points */
    setPoints: (source, points) =>
      /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource(source)).setData(points),
    /** Point a layer to the tiles of a new version. @param {string} layer @param {number} version */
    renew(layer, version) {
      if (layer === 'state') market?.renew(version);
      for (const name of SOURCES_OF[layer] ?? [layer]) {
        const source = /** @type {import('maplibre-gl').VectorTileSource | undefined} */ (map.getSource(name));
        source?.setTiles([data.tiles(layer, version)]);
      }
    },
    /** Draw the moment of an answer. @param {import('./types').Answer} answer */
    answered: answer => market?.show(answer),
    /** Let the other towers stand back while one is looked at. @param {boolean} yes */
    focus: yes => focus(map, yes),
    zoom: (/** @type {number} */ step) => map.easeTo({zoom: map.getZoom() + step, duration: duration() / 3}),
    north: () => map.easeTo({bearing: 0, duration: duration()}),
  };
}

/**
 * A map in our style where the address says, not yet drawn.
 * @param {HTMLElement} box
 * @param {import('./types').Page} page
 * @param {import('./market.js').Look | null} look of the filtered tiles, null where the page colours buildings itself
 */
export async function newMap(box, {boot, store, data, texts: {t}}, look) {
  const maplibre = await import('./maplibre.js');
  const {Map, ScaleControl, setWorkerUrl} = maplibre;
  await data.prepare?.(maplibre);
  setWorkerUrl(boot.worker);
  const map = new Map({
    container: box,
    style: createStyle(boot, data, t, look),
    ...cameraOf(store.get()),
    maxPitch: MAX_PITCH,
    minZoom: 9.5,
    maxZoom: 19.5,
    maxBounds: roomy(boot.bounds),
    attributionControl: false,
    fadeDuration: 150,
    localIdeographFontFamily: fonts(boot.locale).plain.join(','),
    canvasContextAttributes: {antialias: true},
    locale: {
      'Map.Title': t('map_title'),
      'ScaleControl.Meters': t('metres'),
      'ScaleControl.Kilometers': t('kilometres'),
    },
  });
  map.on('error', ({error}) => console.warn(String(error?.message ?? error)));
  return {map, ScaleControl};
}

/** Let the other towers stand back. @param {Map} map @param {boolean} yes */
export function focus(map, yes) {
  for (const layer of ['towers', 'market-towers'])
    if (map.getLayer(layer)) map.setPaintProperty(layer, 'fill-extrusion-opacity', yes ? BEHIND : 1);
  const others = yes ? BEHIND : 1;
  map.setPaintProperty('names', 'text-opacity', ['case', ['boolean', ['feature-state', 'pick'], false], 1, others]);
}

/**
 * How much of the far end of the view is veiled: nothing once the camera stands among the towers.
 * @param {number} zoom
 */
const haze = zoom => Math.max(0, Math.min(1, (CLOSE_ZOOM - zoom) / 0.8));

const duration = () => (calm() ? 0 : MOVE_MS);

/** @param {State} state */
const cameraOf = ({at, pitch, bearing, view}) => ({
  center: /** @type {[number, number]} */ ([at.lng, at.lat]),
  zoom: at.zoom,
  bearing,
  pitch: view === '2d' ? 0 : pitch,
});

/**
 * What the camera shows, rounded as the address writes it.
 * @param {Map} map
 * @returns {Pick<State, 'at' | 'pitch' | 'bearing'>}
 */
export function seen(map) {
  const {lat, lng} = map.getCenter();
  return {
    at: {lat, lng, zoom: map.getZoom()},
    pitch: Math.round(map.getPitch()),
    bearing: Math.round(map.getBearing()),
  };
}

/** Whether the map already shows what the state asks for. @param {Map} map @param {State} state */
function same(map, state) {
  const now = seen(map);
  return (
    Math.abs(now.at.lat - state.at.lat) < 1e-5 &&
    Math.abs(now.at.lng - state.at.lng) < 1e-5 &&
    Math.abs(now.at.zoom - state.at.zoom) < 0.01 &&
    now.pitch === state.pitch &&
    now.bearing === state.bearing
  );
}

/** Draw what the state asks for. @param {Map} map @param {State} state */
export function show(map, {view, layers}) {
  const set = (/** @type {string} */ id, /** @type {boolean} */ on) =>
    map.getLayer(id) && map.setLayoutProperty(id, 'visibility', on ? 'visible' : 'none');
  FLAT.forEach(id => set(id, view === '2d'));
  SOLID.forEach(id => set(id, view === '3d'));
  for (const [name, ids] of Object.entries(SWITCHES)) ids.forEach(id => set(id, layers.includes(name)));
  const categories = Object.entries(AMENITY_GROUPS).flatMap(([group, codes]) => (layers.includes(group) ? codes : []));
  set('amenities', categories.length > 0);
  map.setFilter('amenities', ['match', ['get', 'category'], categories.length ? categories : ['-'], true, false]);
}

/**
 * Kept when buildings are first drawn: what waits for it leaves them the processor, but not for ever.
 * @param {Map} map
 * @returns {Promise<void>}
 */
const firstDrawn = map =>
  new Promise(done => {
    const late = setTimeout(done, FIRST_TILES_MS);
    /** @param {import('maplibre-gl').MapSourceDataEvent} event */
    const look = ({sourceId, tile}) => {
      if (sourceId !== 'buildings' || !tile) return;
      clearTimeout(late);
      map.off('sourcedata', look);
      map.once('render', () => {
        performance.mark('tiles');
        done();
      });
    };
    map.on('sourcedata', look);
  });
