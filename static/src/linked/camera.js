// @ts-check
/** What part of a drawing is seen: pure, so that both maps of a comparison are given the same. */

/** @typedef {{x: number, y: number, width: number, height: number}} View */

/** Zoom about a place that stays where it is; `factor` above 1 goes nearer, `farthest` is the nearest that is allowed.
 * @param {View} view @param {View} whole @param {number} factor @param {{x: number, y: number}} at shares of the view
 * @param {number} farthest @returns {View} */
export function zoomed(view, whole, factor, at, farthest) {
  const wanted = Number.isFinite(factor) && factor > 0 ? view.width / factor : view.width;
  const width = Math.min(whole.width, Math.max(whole.width / farthest, wanted));
  const height = (width / whole.width) * whole.height;
  return within(
    {x: view.x + (view.width - width) * at.x, y: view.y + (view.height - height) * at.y, width, height},
    whole,
  );
}

/** Move by shares of what is seen. @param {View} view @param {View} whole @param {number} x @param {number} y @returns {View} */
export const moved = (view, whole, x, y) =>
  within({...view, x: view.x + x * view.width, y: view.y + y * view.height}, whole);

/** Never beyond the edges. @param {View} view @param {View} whole @returns {View} */
const within = (view, whole) => ({
  ...view,
  x: Math.min(Math.max(view.x, whole.x), whole.x + whole.width - view.width),
  y: Math.min(Math.max(view.y, whole.y), whole.y + whole.height - view.height),
});
