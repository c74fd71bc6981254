// @ts-check
/** On a phone the panel is a sheet of three heights: dragged by its grip, or stepped by pressing it. */

const STOPS = ['low', 'middle', 'high'];
const SHARES = {low: 0.16, middle: 0.46, high: 0.9};
const DRAG_PX = 6;

/** @param {HTMLElement} sheet @param {HTMLButtonElement} grip */
export function createSheet(sheet, grip) {
  let from = {y: 0, height: 0, moved: false};

  /** @param {string} stop */
  function rest(stop) {
    sheet.dataset.stop = stop;
    sheet.style.removeProperty('height');
    grip.setAttribute('aria-expanded', String(stop !== 'low'));
  }

  grip.addEventListener('pointerdown', event => {
    grip.setPointerCapture(event.pointerId);
    from = {y: event.clientY, height: sheet.offsetHeight, moved: false};
  });
  grip.addEventListener('pointermove', event => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const height = from.height + from.y - event.clientY;
    if (Math.abs(event.clientY - from.y) > DRAG_PX) from.moved = true;
    if (from.moved) sheet.style.setProperty('height', `${Math.max(80, Math.min(height, innerHeight * SHARES.high))}px`);
  });
  grip.addEventListener('pointerup', () => {
    if (!from.moved) return;
    const share = sheet.offsetHeight / innerHeight;
    rest(
      STOPS.reduce((best, stop) =>
        Math.abs(SHARES[/** @type {'low'} */ (stop)] - share) < Math.abs(SHARES[/** @type {'low'} */ (best)] - share)
          ? stop
          : best,
      ),
    );
  });
  grip.addEventListener('click', () => {
    if (from.moved) from.moved = false;
    else rest(STOPS[(STOPS.indexOf(sheet.dataset.stop ?? 'middle') + 1) % STOPS.length]);
  });
  rest(sheet.dataset.stop ?? 'middle');
  return {rest};
}
