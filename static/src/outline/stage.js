// @ts-check
/** The map under the drawing: the ground, the neighbours, and the outline that stands as a dashed line. */

import {fonts} from '../map/style/tokens.js';

const CLOSE_ZOOM = 17.6;

/**
 * @param {HTMLElement} box
 * @param {any} said what the server says of the surroundings
 * @param {string} language
 */
export async function createStage(box, said, language) {
  const {Map, ScaleControl, NavigationControl, setWorkerUrl} = await import('../map/maplibre.js');
  const own = /** @type {HTMLScriptElement} */ (document.querySelector('script[data-worker]'));
  setWorkerUrl(own.dataset.worker ?? '');
  const map = new Map({
    container: box,
    style: /** @type {any} */ (styleOf(said, language)),
    center: said.middle,
    zoom: CLOSE_ZOOM,
    maxZoom: 21,
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: fonts(language).plain.join(','),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({showCompass: false}), 'top-right');
  map.addControl(new ScaleControl({maxWidth: 96}), 'bottom-right');
  await new Promise(done => map.once('load', done));
  return map;
}

/** @param {any} said @param {string} language */
function styleOf({ground, around}, language) {
  const own = ['==', ['get', 'own'], true];
  return {
    version: 8,
    sources: {ground: {type: 'geojson', data: ground}, around: {type: 'geojson', data: around}},
    layers: [
      {id: 'paper', type: 'background', paint: {'background-color': '#eef0ec'}},
      area('water', ['==', ['get', 'kind'], 'water'], '#c9dcea'),
      area('green', ['==', ['get', 'kind'], 'green'], '#d7e6d0'),
      {
        id: 'roads',
        type: 'line',
        source: 'ground',
        filter: ['==', ['get', 'kind'], 'road'],
        layout: {'line-cap': 'round', 'line-join': 'round'},
        paint: {'line-color': '#ffffff', 'line-width': ['interpolate', ['exponential', 2], ['zoom'], 15, 2, 19, 26]},
      },
      {id: 'around', type: 'fill', source: 'around', filter: ['!', own], paint: {'fill-color': '#d3d9de', 'fill-outline-color': '#8b96a5'}},
      {id: 'own', type: 'line', source: 'around', filter: own, paint: {'line-color': '#566273', 'line-width': 2, 'line-dasharray': [3, 2]}},
      {
        id: 'names',
        type: 'symbol',
        source: 'around',
        filter: ['!', own],
        layout: {'text-field': ['get', 'name'], 'text-font': fonts(language).plain, 'text-size': 12, 'text-max-width': 7},
        paint: {'text-color': '#566273', 'text-halo-color': '#ffffff', 'text-halo-width': 1.5},
      },
    ],
  };
}

/** @param {string} id @param {any} filter @param {string} colour */
const area = (id, filter, colour) => ({id, type: 'fill', source: 'ground', filter, paint: {'fill-color': colour}});
