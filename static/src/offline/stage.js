// @ts-check
// The map: its canvas, where it looks, what is marked on it, and who lies under a finger.
import {MOST_SCALE, ground, north, show, toX, toY, up, zoom} from './camera.js';
import {draw} from './draw.js';
import {follow} from './moving.js';

/** @typedef {import('./camera.js').Camera} Camera */
/** @typedef {import('./data.js').Box} Box */
/** @typedef {import('./data.js').District} District */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./draw.js').Marks} Marks */

const STEP_DM = 30;
const REACH_DM = 1200, NEAR_SCALE = 0.12, LEGIBLE_SCALE = 0.07, WHOLE_SCALE = 0.16;

export class Stage {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {District} district
   * @param {(tower: Tower | null) => void} choose
   */
  constructor(canvas, district, choose) {
    this.canvas = canvas;
    this.district = district;
    this.ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    /** @type {Camera} */
    this.camera = {x: 0, y: 0, scale: 0, slanted: true, width: 1, height: 1};
    /** @type {Marks} */
    this.marks = {shown: new Map(), chosen: null, over: null};
    this.asked = 0;
    this.least = 0.3 * Math.min(900 / district.size[0], 600 / district.size[1]);
    follow(canvas, {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x, y) => this.zoom(factor, x, y),
      choose: (x, y) => choose(this.at(x, y)),
      hover: (x, y) => this.hover(this.at(x, y)),
    });
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  paint() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      draw(this.ctx, this.district, this.camera, this.marks, devicePixelRatio || 1);
    });
  }

  resize() {
    const {camera, canvas} = this;
    camera.width = canvas.clientWidth;
    camera.height = canvas.clientHeight;
    canvas.width = camera.width * (devicePixelRatio || 1);
    canvas.height = camera.height * (devicePixelRatio || 1);
    if (!camera.scale) this.showAll();
    this.paint();
  }

  /** Show the towers with something to take; where there are none, all of them. */
  showAll() {
    const {shown} = this.marks;
    const {towers} = this.district;
    const picked = towers.filter(tower => tower.pin);
    const wanted = picked.length ? picked : towers.filter(tower => (shown.size ? shown.has(tower) : tower.units.some(unit => unit.status < 2)));
    show(this.camera, around(wanted.length ? wanted : towers, up(this.camera) / north(this.camera)), WHOLE_SCALE);
    this.paint();
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.camera.x -= dx / this.camera.scale;
    this.camera.y += dy / this.camera.scale / north(this.camera);
    this.paint();
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x = this.camera.width / 2, y = this.camera.height / 2) {
    zoom(this.camera, factor, x, y, this.least);
    this.paint();
  }

  /** @returns {boolean} whether it is seen from a slant now */
  slant() {
    this.camera.slanted = !this.camera.slanted;
    this.paint();
    return this.camera.slanted;
  }

  /** @param {Tower | null} tower */
  hover(tower) {
    this.canvas.style.cursor = tower ? 'pointer' : 'grab';
    if (tower !== this.marks.over) this.paint();
    this.marks.over = tower;
  }

  /** @param {Marks['shown']} shown towers that match */
  mark(shown) {
    this.marks.shown = shown;
    this.paint();
  }

  /** @param {number[]} at x, y and pixels in a decimetre: where a map looked */
  look([x, y, scale]) {
    Object.assign(this.camera, {x, y});
    this.camera.scale = Math.min(Math.max(scale, this.least), MOST_SCALE);
    this.paint();
  }

  /** @param {Tower | null} tower @param {boolean} near whether to go there */
  choose(tower, near = true) {
    this.marks.chosen = tower;
    if (tower && near) this.approach(tower);
    this.paint();
  }

  /** @param {Tower} tower */
  approach({block}) {
    const {camera} = this;
    const [west, south, east, far] = block.box;
    const x = toX(camera, (west + east) / 2), y = toY(camera, (south + far) / 2, block.height / 2);
    const inView = x > 40 && y > 40 && x < camera.width - 40 && y < camera.height - 40;
    if (inView && camera.scale > LEGIBLE_SCALE) return;
    show(camera, [west - REACH_DM, south - REACH_DM, east + REACH_DM, far + REACH_DM], NEAR_SCALE);
    camera.y += (block.height / 2) * (up(camera) / north(camera));
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {Tower | null} the tower that is seen there: of whose floors one lies on the line of sight
   */
  at(x, y) {
    const [east, far] = ground(this.camera, x, y);
    const slope = up(this.camera) / north(this.camera);
    for (const {tower, box, height, rings} of [...this.district.blocks].reverse()) {
      if (!tower || east < box[0] || east > box[2]) continue;
      for (let z = 0; z <= (slope ? height : 0); z += STEP_DM) if (inside(rings, east, far - z * slope)) return tower;
    }
    return null;
  }
}

/**
 * @param {Tower[]} towers
 * @param {number} slope how much of a height is seen as a way north
 * @returns {Box} with room for roofs and what stands above them
 */
function around(towers, slope) {
  const boxes = towers.map(tower => tower.block.box);
  const [west, south] = [0, 1].map(side => Math.min(...boxes.map(box => box[side])));
  const east = Math.max(...boxes.map(box => box[2]));
  const far = Math.max(...towers.map(tower => tower.block.box[3] + tower.block.height * slope));
  return [west, south, east, far];
}

/**
 * @param {Float64Array[]} rings
 * @param {number} x
 * @param {number} y
 */
function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const across = ring[i + 1] > y !== ring[j + 1] > y;
      if (across && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) odd = !odd;
    }
  return odd;
}
