// @ts-check
// The script of a carried map: one file, opened from a disk, asking nobody for anything.
import {unpack} from './data.js';
import {colourOf} from './draw.js';
import {Panel} from './panel.js';
import {Stage} from './stage.js';
import {speak} from './words.js';

/** @typedef {import('./data.js').Tower} Tower */

function start() {
  const given = JSON.parse(document.getElementById('district')?.textContent ?? '');
  speak(given.text, given.rents);
  const district = unpack(given.district);
  document.documentElement.classList.add('scripted');
  const stage = new Stage(/** @type {HTMLCanvasElement} */ (document.getElementById('map')), district, choose);
  const panel = new Panel(/** @type {HTMLElement} */ (document.getElementById('panel')), district, {
    changed: found => stage.mark(new Map(found.map(each => [each.tower, colourOf(each.tower.rate)]))),
    choose,
  }, given.preset);
  /** @param {Tower | null} tower */
  function choose(tower) {
    stage.choose(tower);
    panel.show(tower);
    location.replace(`#${tower ? `b=${tower.code}` : ''}`);
  }
  controls(stage);
  const named = district.towers.find(tower => location.hash === `#b=${tower.code}`);
  if (named) choose(named);
}

/** @param {Stage} stage */
function controls(stage) {
  const on = (/** @type {string} */ id, /** @type {() => void} */ act) =>
    document.getElementById(id)?.addEventListener('click', act);
  on('nearer', () => stage.zoom(1.6));
  on('farther', () => stage.zoom(1 / 1.6));
  on('all', () => stage.showAll());
  on('slant', () => {
    const button = document.getElementById('slant');
    if (button) button.textContent = stage.slant() ? '2D' : '3D';
  });
}

try {
  start();
} catch (error) {
  document.documentElement.classList.remove('scripted'); // what needs no script stands below and says it all
  throw error;
}
