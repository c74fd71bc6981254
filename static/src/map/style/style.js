// @ts-check
/** The whole MapLibre style as plain data, bottom to top. */

import {flatLayers, groundLevelLayers, labelLayers, sliceLayers, solidLayers} from './buildings.js';
import {groundLayers, transitLayers} from './ground.js';
import {densityLayer, flatMarketLayers, solidMarketLayers} from './market.js';
import {amenityLayers, areaLayers, clusterLayers} from './overlays.js';
import {COLOURS, fonts as fontsOf} from './tokens.js';

/** @typedef {import('maplibre-gl').StyleSpecification} Style */

const TILED = ['buildings', 'ground', 'amenities', 'areas', 'clusters'];
const MIN_ZOOM = 10;
const MAX_ZOOM = 16;
/** Up to this zoom tiles of amenities hold the stations alone: all that the first view needs of them. */
const STATION_ZOOM = 13;
/** Tile layer → the sources that draw from it. @type {Record<string, string[]>} */
export const SOURCES_OF = {amenities: ['amenities', 'stations']};
/** @type {import('geojson').FeatureCollection} */
const EMPTY = {type: 'FeatureCollection', features: []};
export const FLAT = ['flat-context', 'flat-listed', 'flat-edge', 'market-flat', 'market-edge'];
export const SOLID = ['context', 'towers', 'market-towers', 'core', 'slices'];
/** What can be switched → the layers it stands for. */
export const SWITCHES = {
  transit: ['transit-casing', 'transit', 'transit-names', 'stations'],
  areas: ['area-glow', 'area-line', 'area-names'],
  clusters: ['cluster-fill', 'cluster-line', 'cluster-names'],
};

/**
 * @param {import('../types').Boot} boot
 * @param {import('../types').Data} data
 * @param {(key: string) => string} t
 * @param {import('../market.js').Look | null} market the filtered tiles; null where the page colours the buildings itself
 * @returns {Style}
 */
export function createStyle(boot, data, t, market) {
  const fonts = fontsOf(boot.locale);
  const name =
    boot.locale === 'en'
      ? ['coalesce', ['get', 'name_en'], ['get', 'name']]
      : ['coalesce', ['get', 'name'], ['get', 'name_en']];
  const ground = groundLayers(boot, name, fonts);
  const clusters = clusterLayers(boot, t, fonts);
  return {
    version: 8,
    light: {anchor: 'viewport', position: [1.35, 205, 38], color: '#ffffff', intensity: 0.26},
    sky: {
      'sky-color': '#cfe0ee',
      'horizon-color': '#f1f4f2',
      'fog-color': COLOURS.ground,
      'sky-horizon-blend': 0.75,
      'atmosphere-blend': 0,
    },
    sources: {
      ...Object.fromEntries(TILED.map(layer => [layer, tiled(boot, data, layer)])),
      stations: {...tiled(boot, data, 'amenities'), maxzoom: STATION_ZOOM},
      ...(market && {market: {...tiled(boot, data, 'market'), tiles: [market.tiles]}}),
      labels: {type: 'geojson', data: EMPTY},
      slices: {type: 'geojson', data: EMPTY},
      cores: {type: 'geojson', data: EMPTY},
      me: {type: 'geojson', data: EMPTY},
    },
    layers: [
      ...ground.below,
      ...transitLayers(name, fonts).slice(0, 2),
      ...clusters.fills,
      ...areaLayers(name, fonts).slice(0, 2),
      ...groundLevelLayers(!market),
      ...(market ? [densityLayer()] : []),
      ...flatLayers(),
      ...(market ? flatMarketLayers(market) : []),
      ...sliceLayers(),
      ...solidLayers(),
      ...(market ? solidMarketLayers(market) : []),
      ...ground.names,
      ...transitLayers(name, fonts).slice(2),
      ...amenityLayers(name, fonts),
      ...clusters.names,
      ...areaLayers(name, fonts).slice(2),
      ...labelLayers(fonts).filter(({id}) => !market || id !== 'bubbles'),
      ...meLayers(),
    ],
  };
}

/**
 * @param {import('../types').Boot} boot
 * @param {import('../types').Data} data
 * @param {string} layer
 * @returns {import('maplibre-gl').VectorSourceSpecification}
 */
const tiled = (boot, data, layer) => ({
  type: 'vector',
  tiles: [data.tiles(layer, boot.versions[layer] ?? 0)],
  minzoom: MIN_ZOOM,
  maxzoom: MAX_ZOOM,
  ...(boot.bounds && {bounds: boot.bounds}),
});

/** Where the reader stands. @returns {import('maplibre-gl').LayerSpecification[]} */
const meLayers = () => [
  {
    id: 'me-reach',
    type: 'fill',
    source: 'me',
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: {'fill-color': COLOURS.accent, 'fill-opacity': 0.1},
  },
  {
    id: 'me',
    type: 'circle',
    source: 'me',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 8,
      'circle-color': COLOURS.accent,
      'circle-stroke-color': '#fff',
      'circle-stroke-width': 3,
    },
  },
];
