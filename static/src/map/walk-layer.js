// @ts-check
/** Shows on the map what is reached on foot, and lets the next click on it say from where. */

import {narrow, part} from './dom.js';
import {writePlace} from './state.js';
import {COLOURS} from './style/tokens.js';

/** @typedef {import('maplibre-gl').Map} Map */

const ROOM_PX = 60;
/** @type {any} */
const LAND = ['!=', ['geometry-type'], 'Point'];
/** Whoever wants a place to walk from says so by this event. */
export const PICK = 'walk-pick';

/** @param {Map} map @param {import('./types').Page} page */
export function createWalkLayer(map, {store, walks, texts}) {
  let picking = false;
  addLayers(map);

  async function show(fit = false) {
    const asked = store.get();
    await walks.load(asked);
    if (store.get().walk_from !== asked.walk_from || store.get().walk_min !== asked.walk_min) return;
    const land = walks.of(asked);
    /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource('walk')).setData(
      /** @type {any} */ ({
        type: 'FeatureCollection',
        features: land ? [featureOf(land.geometry), ...startOf(asked.walk_from)] : [],
      }),
    );
    if (land && fit) map.fitBounds(land.box, {padding: ROOM_PX, bearing: map.getBearing(), pitch: map.getPitch()});
  }

  /** @param {boolean} on */
  function pick(on) {
    picking = on;
    part('stage').classList.toggle('sketching', on);
    if (on && narrow()) part('panel').dataset.stop = 'low';
    part('toast').hidden = !on;
    if (on) part('toast').textContent = texts.t('walk_pick_hint');
  }

  addEventListener(PICK, () => pick(!picking));
  addEventListener('keydown', ({key}) => key === 'Escape' && picking && pick(false));
  map.on('click', ({lngLat}) => {
    if (!picking) return;
    // Whoever listens next must still know that this click was for the walk.
    setTimeout(() => pick(false));
    store.set({walk_from: writePlace(lngLat.lng, lngLat.lat)});
  });
  store.on((_, changed) => (changed.has('walk_from') || changed.has('walk_min')) && show(true));
  show(!new URLSearchParams(location.search).has('at'));
  /** Whether clicks are for this. */
  return {busy: () => picking};
}

/** The place that one walks from, where it is no building. @param {string} from */
function startOf(from) {
  const [lon, lat] = from.split(',').map(Number);
  return from.includes(',') ? [featureOf({type: 'Point', coordinates: [lon, lat]})] : [];
}

/** @param {import('geojson').Geometry} geometry */
const featureOf = geometry => ({type: 'Feature', properties: {}, geometry});

/** @param {Map} map */
function addLayers(map) {
  map.addSource('walk', {type: 'geojson', data: {type: 'FeatureCollection', features: []}});
  const below = map.getLayer('flat-context') ? 'flat-context' : undefined;
  map.addLayer({id: 'walk-fill', type: 'fill', source: 'walk', filter: LAND, paint: {'fill-color': COLOURS.accent, 'fill-opacity': 0.14}}, below);
  map.addLayer(
    {
      id: 'walk-line',
      type: 'line',
      source: 'walk',
      filter: LAND,
      paint: {'line-color': COLOURS.accent, 'line-width': 2.5, 'line-dasharray': [2, 1.5]},
    },
    below,
  );
  map.addLayer({
    id: 'walk-start',
    type: 'circle',
    source: 'walk',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {'circle-radius': 7, 'circle-color': COLOURS.accent, 'circle-stroke-color': '#fff', 'circle-stroke-width': 3},
  });
}
