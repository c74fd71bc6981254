// @ts-check
/** The map on paper: what is on the screen as a picture, since browsers print the canvas empty. */

import {h} from './dom.js';

/** @param {import('maplibre-gl').Map} map @param {HTMLElement} box */
export function keepPrintable(map, box) {
  const image = /** @type {HTMLImageElement} */ (h('img.printed', {alt: ''}));
  box.append(image);
  addEventListener('beforeprint', () => {
    map.redraw();
    image.src = map.getCanvas().toDataURL('image/jpeg', 0.92);
  });
}
