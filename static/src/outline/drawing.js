// @ts-check
/** Terra Draw on the map: polygons are drawn corner by corner and changed by their corners; every step can be taken back. */

import {TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode} from 'terra-draw';
import {TerraDrawMapLibreGLAdapter} from 'terra-draw-maplibre-gl-adapter';

/** @typedef {import('./shape.js').Ring} Ring */

const COLOUR = '#14508f';
const CORNERS = {
  selectedPolygonColor: COLOUR,
  selectedPolygonFillOpacity: 0.2,
  selectedPolygonOutlineColor: COLOUR,
  selectedPolygonOutlineWidth: 3,
  selectionPointColor: '#ffffff',
  selectionPointWidth: 7,
  selectionPointOutlineColor: COLOUR,
  selectionPointOutlineWidth: 3,
  midPointColor: COLOUR,
  midPointWidth: 4,
  midPointOutlineColor: '#ffffff',
  midPointOutlineWidth: 1.5,
};

/**
 * @param {import('maplibre-gl').Map} map
 * @param {Ring[]} first what stands
 * @param {(outlines: Ring[]) => void} changed is told what is drawn, after every step
 */
export function createDrawing(map, first, changed) {
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({map}),
    modes: [
      new TerraDrawPolygonMode({
        pointerDistance: 16,
        snapping: {toCoordinate: true},
        styles: /** @type {any} */ ({fillColor: COLOUR, fillOpacity: 0.2, outlineColor: COLOUR, outlineWidth: 3, closingPointColor: '#ffffff', closingPointOutlineColor: COLOUR, closingPointWidth: 7, closingPointOutlineWidth: 3}),
      }),
      new TerraDrawSelectMode({
        pointerDistance: 18,
        flags: {polygon: {feature: {draggable: false, coordinates: {midpoints: true, draggable: true, deletable: true}}}},
        styles: /** @type {any} */ (CORNERS),
      }),
    ],
  });
  draw.start();
  /** @type {Ring[][]} */
  const steps = [first];
  /** @type {(mode: string) => void} */
  let told = () => undefined;

  /** @returns {Ring[]} */
  const drawn = () =>
    draw
      .getSnapshot()
      .filter(({geometry, properties}) => geometry.type === 'Polygon' && properties.mode === 'polygon')
      .map(({geometry}) => /** @type {Ring} */ (/** @type {any} */ (geometry.coordinates)[0]));

  /** @param {Ring[]} rings */
  function put(rings) {
    draw.clear();
    if (rings.length)
      draw.addFeatures(
        rings.map(ring => ({type: 'Feature', properties: {mode: 'polygon'}, geometry: {type: 'Polygon', coordinates: [ring]}})),
      );
  }
  function edit() {
    draw.setMode('select');
    const outline = draw.getSnapshot().find(({properties}) => properties.mode === 'polygon');
    if (outline?.id !== undefined) draw.selectFeature(outline.id);
    told('edit');
  }
  function redraw() {
    put([]);
    draw.setMode('polygon');
    told('draw');
  }
  /** @param {Ring[]} rings */
  function show(rings) {
    put(rings);
    steps.push(rings);
    changed(rings);
    edit();
  }

  draw.on('finish', (_, {mode}) => {
    steps.push(drawn());
    changed(drawn());
    if (mode === 'polygon') setTimeout(edit);
  });
  put(first);
  return {
    edit,
    draw: redraw,
    show,
    undo() {
      if (steps.length > 1) steps.pop();
      put(steps[steps.length - 1]);
      changed(steps[steps.length - 1]);
      edit();
    },
    /** @param {(mode: string) => void} listener */
    onMode(listener) {
      told = listener;
    },
  };
}
