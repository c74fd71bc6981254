// @ts-check
/** The results as a drawing that the server makes, where the browser cannot draw the map. */

import {afterPause, h} from './dom.js';
import {filterQuery} from './state.js';

/** @typedef {import('./types').Page} Page */

const PAUSE_MS = 200;

/** @param {HTMLElement} box @param {Page} page */
export function showDrawing(box, {boot, store, texts}) {
  const place = h('div.drawing');
  box.replaceChildren(h('p.note', {role: 'status'}, texts.t('no_webgl')), place);
  const {map} = boot.urls;
  if (!map) return;
  let shown = '';

  async function draw() {
    const {bbox, sort} = store.get();
    const query = [filterQuery(store.get()), bbox && `bbox=${bbox.join()}`, sort !== 'area' && `sort=${sort}`];
    const address = `${map}?${query.filter(Boolean).join('&')}`;
    if (address === shown) return;
    shown = address;
    const answer = await fetch(address);
    const {documentElement} = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
    if (!answer.ok || shown !== address) return;
    place.replaceChildren(document.importNode(documentElement, true));
    place.scrollTo({left: (place.scrollWidth - place.clientWidth) / 2, top: (place.scrollHeight - place.clientHeight) / 2});
  }

  const soon = afterPause(() => draw().catch(error => console.warn(String(error))));
  place.addEventListener('click', event => {
    const link = event.target instanceof Element && event.target.closest('a');
    const code = link && link.getAttribute('href')?.split('/b/')[1];
    if (!code) return;
    event.preventDefault();
    store.set({b: decodeURIComponent(code), floor: null});
  });
  store.on(() => soon(PAUSE_MS));
  soon(0);
}
