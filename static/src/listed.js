// @ts-check
/** Draws the page of the building or unit that the address names, out of the files beside its sheet. */

import {buildingPage} from './listed/building.js';
import {createWriter} from './listed/pieces.js';
import {unitPage} from './listed/unit.js';
import {packedJson} from './map/data/packed.js';
import {part} from './map/dom.js';

/** @typedef {import('./listed/pieces.js').Told} Told */

const page = part('page');

/** @param {string} name */
const read = name => packedJson(new URL(page.dataset[name] ?? '', location.href).href);

/** @param {Record<string, Told>} details @param {string} code */
function named(details, code) {
  for (const building of Object.values(details)) {
    if (building.code === code) return {building, unit: null};
    for (const floor of building.floors)
      for (const unit of floor.units) if (unit.code === code) return {building, unit: {unit, floor}};
  }
  return null;
}

/** @param {Record<string, Told>} details @param {ReturnType<typeof createWriter>} writer */
function show(details, writer) {
  const code = decodeURIComponent(location.hash.slice(1));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a')))
    link.hash = location.hash;
  const found = named(details, code);
  if (!found) return;
  const {building, unit} = found;
  const title = writer.nameOf(building);
  document.title = `${unit ? `${unit.unit.label} · ` : ''}${title} · ${writer.title}`;
  page.replaceChildren(...(unit ? unitPage(building, unit, writer) : buildingPage(building, writer)));
  scrollTo(0, 0);
}

if (location.hash) start();
else addEventListener('hashchange', start, {once: true});

async function start() {
  const [details, words] = await Promise.all([read('details'), read('words')]);
  const writer = createWriter(words);
  show(details, writer);
  addEventListener('hashchange', () => show(details, writer));
}
