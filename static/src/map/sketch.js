// @ts-check
/** Draws a polygon or circle on the map as a filter: corner by corner with mouse or finger, changed by its dots. */

import {narrow, part} from './dom.js';
import {boundsOf, GRAIN, LEAST_M, metresBetween, MOST_CORNERS, MOST_M, onCircle, readShape, ringOf, writeShape} from './shapes.js';
import {createBar} from './sketch-bar.js';

/** @typedef {import('maplibre-gl').Map} Map */
/** @typedef {import('maplibre-gl').MapMouseEvent | import('maplibre-gl').MapTouchEvent} Point */
/** @typedef {import('./shapes.js').Shape} Shape */
/** @typedef {[number, number]} Place degrees */
/** @typedef {'' | 'polygon' | 'circle'} Mode */

const COLOUR = '#14508f';
const LAYERS = ['sketch-fill', 'sketch-line', 'sketch-dots'];
/** A click so near to the first corner ends the polygon. */
const NEAR_PX = 14;
const ROOM_PX = 60;

/** @param {Map} map @param {import('./types').Page} page */
export function createSketch(map, page) {
  const {store} = page;
  /** @type {Mode} */
  let mode = '';
  /** @type {Place[]} */
  let points = [];
  /** @type {Place | null} */
  let pointer = null;
  /** The shape under a dragged dot. @type {Shape | null} */
  let dragged = null;

  addLayers(map);
  const bar = createBar(page, {begin, undo, finish, stop, steps: () => points.length});
  part('draw').addEventListener('click', () => (mode ? stop() : begin('polygon')));

  function show() {
    const shape = dragged ?? readShape(store.get().shape);
    /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource('sketch')).setData(
      mode ? unfinished(mode, points, pointer) : finished(shape),
    );
    bar.show(mode, store.get());
    part('draw').setAttribute('aria-pressed', String(mode !== ''));
    part('stage').classList.toggle('sketching', mode !== '');
  }

  /** @param {Mode} kind */
  function begin(kind) {
    [mode, points, pointer] = [kind, [], null];
    if (narrow()) part('panel').dataset.stop = 'low';
    map.doubleClickZoom.disable();
    show();
    map.getCanvas().focus();
  }
  function stop() {
    [mode, points, pointer] = ['', [], null];
    map.doubleClickZoom.enable();
    show();
  }
  function undo() {
    points = points.slice(0, -1);
    show();
  }
  function finish() {
    const shape = shapeOf(mode, points);
    stop();
    if (narrow()) part('panel').dataset.stop = 'middle';
    if (shape) store.set({shape: writeShape(shape)});
  }

  map.on('click', ({lngLat, point}) => {
    if (!mode) return;
    const closes = mode === 'polygon' && points.length > 2 && map.project(points[0]).dist(point) < NEAR_PX;
    const twice = points.length > 0 && map.project(points[points.length - 1]).dist(point) < 2;
    if (!closes && !twice) points = [...points, [lngLat.lng, lngLat.lat]];
    const full = points.length === (mode === 'circle' ? 2 : MOST_CORNERS);
    // Whoever listens next must still know that this click was for the drawing.
    if (closes || full) setTimeout(finish);
    else show();
  });
  map.on('dblclick', () => mode === 'polygon' && points.length > 2 && setTimeout(finish));
  map.on('mousemove', ({lngLat}) => {
    if (!mode || !points.length) return;
    pointer = [lngLat.lng, lngLat.lat];
    show();
  });
  addEventListener('keydown', ({key, target}) => {
    if (!mode || (target instanceof HTMLElement && target.matches('input, select'))) return;
    if (key === 'Escape') stop();
    else if (key === 'Backspace') undo();
    else if (key === 'Enter' && target === map.getCanvas()) finish();
  });

  /** @param {Point & {features?: any[]}} event */
  function grab(event) {
    const shape = readShape(store.get().shape);
    if (mode || !shape || ('points' in event && event.points.length > 1)) return;
    event.preventDefault();
    const dot = Number(event.features?.[0]?.properties?.dot ?? 0);
    const move = (/** @type {Point} */ {lngLat}) => {
      dragged = moved(shape, dot, [lngLat.lng, lngLat.lat]);
      show();
    };
    map.on('mousemove', move);
    map.on('touchmove', move);
    const release = () => {
      map.off('mousemove', move);
      map.off('touchmove', move);
      const next = dragged;
      dragged = null;
      if (next) store.set({shape: writeShape(next)});
      show();
    };
    map.once('touches' in event.originalEvent ? 'touchend' : 'mouseup', release);
  }
  map.on('mousedown', 'sketch-dots', grab);
  map.on('touchstart', 'sketch-dots', grab);

  store.on((_, changed) => changed.has('shape') && show());
  const drawn = readShape(store.get().shape);
  if (drawn && !new URLSearchParams(location.search).has('at'))
    map.fitBounds(boundsOf(drawn), {padding: ROOM_PX, duration: 0, bearing: map.getBearing(), pitch: 0});
  show();
  /** Whether clicks are for the drawing. */
  return {busy: () => mode !== ''};
}

/** @param {Map} map */
function addLayers(map) {
  map.addSource('sketch', {type: 'geojson', data: finished(null)});
  const of = (/** @type {any} */ layer) => map.addLayer({...layer, source: 'sketch'});
  const [fill, line, dots] = LAYERS;
  of({id: fill, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: {'fill-color': COLOUR, 'fill-opacity': 0.1}});
  of({id: line, type: 'line', filter: ['!=', ['geometry-type'], 'Point'], paint: {'line-color': COLOUR, 'line-width': 2.5}});
  of({
    id: dots,
    type: 'circle',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {'circle-radius': 7, 'circle-color': '#fff', 'circle-stroke-color': COLOUR, 'circle-stroke-width': 2.5},
  });
}

/** What has been drawn so far makes, null if that is no shape yet. @param {Mode} mode @param {Place[]} points @returns {Shape | null} */
function shapeOf(mode, points) {
  if (mode === 'circle' && points.length === 2) return circle(points[0], metresBetween(points[0], points[1]));
  return mode === 'polygon' && points.length > 2 ? {kind: 'polygon', corners: points.map(cornerOf)} : null;
}

/** @param {Place} place @param {number} metres @returns {Shape} */
export const circle = ([lon, lat], metres) => ({
  kind: 'circle',
  lon,
  lat,
  metres: Math.max(LEAST_M, Math.min(MOST_M, Math.round(metres))),
});

/** @param {Place} place @returns {Place} */
const cornerOf = ([lon, lat]) => [Math.round(lon * GRAIN), Math.round(lat * GRAIN)];

/** The dots of a shape: its corners; centre and edge of a circle. @param {Shape} shape @returns {Place[]} */
const dotsOf = shape =>
  shape.kind === 'circle' ? [[shape.lon, shape.lat], onCircle(shape, 0)] : ringOf(shape).slice(0, -1);

/** The shape with one of its dots elsewhere. @param {Shape} shape @param {number} dot @param {Place} place @returns {Shape} */
function moved(shape, dot, place) {
  if (shape.kind === 'circle')
    return dot ? circle([shape.lon, shape.lat], metresBetween([shape.lon, shape.lat], place)) : circle(place, shape.metres);
  return {...shape, corners: shape.corners.map((corner, i) => (i === dot ? cornerOf(place) : corner))};
}

/** @param {Shape | null} shape */
function finished(shape) {
  return collection(shape ? [feature('Polygon', [ringOf(shape)]), ...dotsOf(shape).map(dotFeature)] : []);
}

/** @param {Mode} mode @param {Place[]} points @param {Place | null} pointer */
function unfinished(mode, points, pointer) {
  const all = pointer && points.length ? [...points, pointer] : points;
  const shape = shapeOf(mode, all);
  const outline = shape ? [feature('Polygon', [ringOf(shape)])] : all.length > 1 ? [feature('LineString', all)] : [];
  return collection([...outline, ...points.map(dotFeature)]);
}

/** @param {Place} place @param {number} dot */
const dotFeature = (place, dot) => feature('Point', place, {dot});
/** @param {any} type @param {any} coordinates @param {any} [properties] */
const feature = (type, coordinates, properties = {}) =>
  /** @type {any} */ ({type: 'Feature', properties, geometry: {type, coordinates}});
/** @param {any[]} features */
const collection = features => /** @type {any} */ ({type: 'FeatureCollection', features});
