// @ts-check
/** The buttons beside the map. */

import {part} from './dom.js';
import {createLayersPanel} from './layers.js';
import {locate} from './locate.js';
import {copyLink, shareAddress} from './share.js';
import {say} from './toast.js';

/** @typedef {import('./types').Page} Page */
/** @typedef {import('./map.js').MapView} MapView */

/** The lucide compass needle points to the north-east when it is not turned. */
const NEEDLE_DEG = -45;

/** Buttons that work with and without a map. @param {Page} page */
export function connectPage(page) {
  const {boot, store, texts} = page;
  const windowed = boot.mode === 'window';
  const button = /** @type {HTMLButtonElement} */ (part('open-layers'));
  const layers = createLayersPanel(part('layers'), button, page);
  const show = () => {
    const state = store.get();
    layers.update(state.layers);
    part('flat').textContent = state.view === '3d' ? '2D' : '3D';
    part('stage').classList.toggle('solid', state.view === '3d');
    part('in-view').setAttribute('aria-pressed', String(state.bbox !== null));
    part('in-view').hidden = windowed;
    part('moving').setAttribute('aria-checked', String(windowed ? state.bbox === null : state.moving === 'on'));
  };
  store.on(show);
  show();
  part('flat').addEventListener('click', () => store.set({view: store.get().view === '3d' ? '2d' : '3d'}));
  addEventListener('click', event => {
    if (event.target instanceof Element && event.target.closest('[data-share]'))
      copyLink(store.address(), say, texts.t);
  });
  for (const link of document.querySelectorAll('[data-share-page]'))
    for (const going of ['pointerdown', 'keydown', 'focus'])
      link.addEventListener(going, () => link.setAttribute('href', shareAddress(link, store.whole())));
}

/** Buttons that move the map or ask it. @param {MapView} view @param {Page} page */
export function connectMap(view, {boot, store, texts}) {
  const press = (/** @type {string} */ id, /** @type {() => void} */ act) => part(id).addEventListener('click', act);
  press('zoom-in', () => view.zoom(1));
  press('zoom-out', () => view.zoom(-1));
  press('north', view.north);
  press('near-me', () => locate(view.map, say, texts.t));
  const stay = () => store.set({bbox: store.get().bbox ? null : view.bounds(), moving: 'off'});
  const follow = () => store.set({bbox: null, moving: store.get().moving === 'on' ? 'off' : 'on'});
  press('in-view', stay);
  // Where the city comes window by window, the list follows the map unless it is told to stay.
  press('moving', boot.mode === 'window' ? stay : follow);
  const needle = /** @type {SVGElement} */ (part('north').querySelector('svg'));
  const turn = () => (needle.style.transform = `rotate(${NEEDLE_DEG - view.map.getBearing()}deg)`);
  view.map.on('rotate', turn);
  turn();
}
