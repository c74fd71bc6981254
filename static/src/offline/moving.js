// @ts-check
// Hands on the map: drag, pinch, wheel, keys; a touch that does not move is a choice.

/** @typedef {{pan: (dx: number, dy: number) => void, zoom: (factor: number, x: number, y: number) => void,
 *   choose: (x: number, y: number) => void, hover: (x: number, y: number) => void}} Acts */

const STILL_PX = 6;
const KEYS = {ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60]};

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Acts} acts
 */
export function follow(canvas, acts) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, {x: event.offsetX, y: event.offsetY});
    if (fingers.size === 1) moved = 0;
  });
  canvas.addEventListener('pointermove', event => {
    const before = fingers.get(event.pointerId);
    if (!before) return acts.hover(event.offsetX, event.offsetY);
    const now = {x: event.offsetX, y: event.offsetY};
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (other) pinch(acts, before, now, other);
    else if (moved > STILL_PX) acts.pan(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
  });
  canvas.addEventListener('pointerup', event => {
    if (fingers.size === 1 && moved <= STILL_PX) acts.choose(event.offsetX, event.offsetY);
    fingers.delete(event.pointerId);
  });
  canvas.addEventListener('pointercancel', event => fingers.delete(event.pointerId));
  canvas.addEventListener('dblclick', event => acts.zoom(2, event.offsetX, event.offsetY));
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    acts.zoom(2 ** (-event.deltaY / (event.deltaMode ? 12 : 320)), event.offsetX, event.offsetY);
  }, {passive: false});
  canvas.addEventListener('keydown', event => onKey(event, canvas, acts));
}

/**
 * @param {Acts} acts
 * @param {{x: number, y: number}} before
 * @param {{x: number, y: number}} now
 * @param {{x: number, y: number}} other
 */
function pinch(acts, before, now, other) {
  const was = Math.hypot(before.x - other.x, before.y - other.y);
  const is = Math.hypot(now.x - other.x, now.y - other.y);
  acts.zoom(is / Math.max(was, 1), (now.x + other.x) / 2, (now.y + other.y) / 2);
  acts.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLCanvasElement} canvas
 * @param {Acts} acts
 */
function onKey(event, canvas, acts) {
  const way = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
  const factor = {'+': 1.5, '=': 1.5, '-': 1 / 1.5}[event.key];
  if (way) acts.pan(way[0], way[1]);
  else if (factor) acts.zoom(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
  else return;
  event.preventDefault();
}
