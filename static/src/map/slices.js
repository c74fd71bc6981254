// @ts-check
/** The selected building cut into its floors: one slab per floor in the colour of its state, round a dark core. */

import {calm} from './dom.js';

/** @typedef {import('./types').BuildingDetail} Detail */
/** @typedef {import('./types').FloorDetail} Floor */
/** @typedef {import('geojson').Position} Position */

/** Part of a storey that the slab fills; the rest is the dark joint between floors. */
const SLAB = 0.8;
const CORE = 0.94;
const GROW_MS = 450;

export const STATUS = /** @type {Record<string, string>} */ ({
  vacant: '#d9731f',
  soon: '#fbdca6',
  in_use: '#8fa9c4',
  own_use: '#d5dbe2',
  unknown: '#eef1f4',
});
const PARTLY = '#f3ad55';

/** m² of each occupancy on a floor. @param {Floor} floor */
export function areasByState(floor) {
  /** @type {Record<string, number>} */
  const areas = {};
  for (const unit of floor.units) areas[unit.occupancy] = (areas[unit.occupancy] ?? 0) + Number(unit.area_m2);
  return areas;
}

/**
 * The colour that stands for a whole floor: what is free on it decides, else what fills most of it.
 * @param {Floor} floor
 */
export function floorColour(floor) {
  const areas = areasByState(floor);
  const all = Object.values(areas).reduce((sum, area) => sum + area, 0);
  if (!all) return STATUS.own_use;
  if (areas.vacant) return areas.vacant * 2 >= all ? STATUS.vacant : PARTLY;
  const [most] = Object.entries(areas).sort((a, b) => b[1] - a[1])[0];
  return STATUS[areas.soon ? 'soon' : most] ?? STATUS.unknown;
}

/** The slabs and the core of a building as GeoJSON. @param {Detail} detail */
export function sliceFeatures(detail) {
  const floors = detail.floors.filter(({position, top_m}) => position > 0 && top_m > 0);
  const slabs = floors.flatMap(floor =>
    polygons(floor, detail).map((coordinates, part) =>
      feature(
        coordinates,
        {
          floor: floor.position,
          part,
          base: floor.base_m,
          top: floor.base_m + (floor.top_m - floor.base_m) * SLAB,
          fill: floorColour(floor),
        },
        floor.position,
      ),
    ),
  );
  const cores = floors.flatMap(floor =>
    polygons(floor, detail).map(coordinates =>
      feature([shrink(coordinates[0], CORE)], {
        base: floor.base_m,
        top: floor.top_m - ((floor.top_m - floor.base_m) * (1 - SLAB)) / 2,
      }),
    ),
  );
  return {slabs, cores};
}

/** @param {Floor} floor @param {Detail} detail @returns {Position[][][]} */
function polygons({outline}, detail) {
  if (outline) return /** @type {Position[][][]} */ (isPolygon(outline) ? [outline] : outline);
  return detail.outline.type === 'Polygon' ? [detail.outline.coordinates] : detail.outline.coordinates;
}

/** @param {any} coordinates whether these are a polygon's rings and not several polygons */
const isPolygon = coordinates => typeof coordinates[0][0][0] === 'number';

/**
 * @param {Position[][]} coordinates
 * @param {Record<string, unknown>} properties
 * @param {number} [id]
 * @returns {import('geojson').Feature}
 */
const feature = (coordinates, properties, id) => ({
  type: 'Feature',
  id,
  properties,
  geometry: {type: 'Polygon', coordinates},
});

/** @param {Position[]} ring @param {number} factor about the middle of its corners */
function shrink(ring, factor) {
  const corners = ring.slice(0, -1);
  const [x, y] = [0, 1].map(axis => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
  return ring.map(corner => [x + (corner[0] - x) * factor, y + (corner[1] - y) * factor]);
}

/** @param {import('maplibre-gl').Map} map */
export function createSlices(map) {
  /** @type {Record<string, number | null>} */
  const marked = {};
  const source = (/** @type {string} */ name) =>
    /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource(name));

  return {
    /** @param {Detail | null} detail null takes the slices away */
    show(detail) {
      const {slabs, cores} = detail ? sliceFeatures(detail) : {slabs: [], cores: []};
      map.removeFeatureState({source: 'slices'});
      marked.hover = marked.pick = null;
      source('slices').setData({type: 'FeatureCollection', features: slabs});
      source('cores').setData({type: 'FeatureCollection', features: cores});
      if (slabs.length) grow(map);
    },
    /** Light one floor up. @param {'hover' | 'pick'} flag @param {number | null} floor */
    mark(flag, floor) {
      if (marked[flag] === floor) return;
      if (marked[flag] != null)
        map.setFeatureState({source: 'slices', id: /** @type {number} */ (marked[flag])}, {[flag]: false});
      if (floor != null) map.setFeatureState({source: 'slices', id: floor}, {[flag]: true});
      marked[flag] = floor;
    },
  };
}

/** Let the building rise floor by floor. @param {import('maplibre-gl').Map} map */
function grow(map) {
  if (calm()) return;
  const start = performance.now();
  const step = (/** @type {number} */ now) => {
    const part = Math.min(1, (now - start) / GROW_MS);
    const eased = 1 - (1 - part) ** 3;
    for (const layer of ['core', 'slices'])
      for (const edge of ['base', 'top'])
        map.setPaintProperty(
          layer,
          edge === 'top' ? 'fill-extrusion-height' : 'fill-extrusion-base',
          eased < 1 ? ['*', eased, ['get', edge]] : ['get', edge],
        );
    if (part < 1) requestAnimationFrame(step);
  };
  step(start);
}
