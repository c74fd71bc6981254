// @ts-check
// The script of a carried map: one file, opened from a disk, asking nobody for anything.
import {choices, unpack} from './data.js';
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
    changed: found => stage.mark(new Map(found.map(each => [each.tower, {colour: colourOf(each.tower.rate), m2: each.area}]))),
    choose,
  }, given.preset, choices(given.picks, district.towers));
  /** @param {Tower | null} tower */
  function choose(tower) {
    stage.choose(tower);
    panel.show(tower);
    location.replace(`#${tower ? `b=${tower.code}` : ''}`);
  }
  controls(stage);
  const {at, flat, building, unit} = given.view;
  if (at) stage.look(at);
  if (flat) slant(stage);
  const wanted = location.hash.startsWith('#b=') ? location.hash.slice(3) : building;
  const named = district.towers.find(tower => tower.code === wanted);
  if (!named) return;
  stage.choose(named, !at);
  panel.show(named, named.units[unit]);
}

/** @param {Stage} stage */
function controls(stage) {
  const on = (/** @type {string} */ id, /** @type {() => void} */ act) =>
    document.getElementById(id)?.addEventListener('click', act);
  on('nearer', () => stage.zoom(1.6));
  on('farther', () => stage.zoom(1 / 1.6));
  on('all', () => stage.showAll());
  on('slant', () => slant(stage));
}

/** @param {Stage} stage */
function slant(stage) {
  const button = document.getElementById('slant');
  const slanted = stage.slant();
  if (button) button.textContent = slanted ? '2D' : '3D';
}

try {
  start();
} catch (error) {
  document.documentElement.classList.remove('scripted'); // what needs no script stands below and says it all
  throw error;
}
