// @ts-check
/** Turns the small maps of months into a film: play, slider, steps and keys. Each picture is the one already on the page. */

const FRAME_MS = 900;
/** A pause on the last month, so that one sees where it all led. */
const LAST_MS = 2200;

const film = /** @type {HTMLElement | null} */ (document.querySelector('[data-film]'));
if (film) start(film);

/** @param {HTMLElement} box */
function start(box) {
  const frames = /** @type {HTMLImageElement[]} */ ([...document.querySelectorAll('.months img')]);
  const stage = /** @type {HTMLImageElement} */ (box.querySelector('.stage'));
  const slider = /** @type {HTMLInputElement} */ (box.querySelector('input'));
  const run = /** @type {HTMLButtonElement} */ (box.querySelector('[data-run]'));
  const said = /** @type {HTMLOutputElement} */ (box.querySelector('output'));
  let timer = 0;

  /** @param {number} at */
  function show(at) {
    const frame = frames[at];
    frame.loading = 'eager';
    stage.src = frame.src;
    stage.alt = frame.alt;
    slider.value = String(at);
    said.textContent = slider.ariaValueText = frame.dataset.day ?? '';
    frames.forEach((each, i) => each.closest('li')?.classList.toggle('now', i === at));
  }
  /** @param {boolean} yes */
  function play(yes) {
    clearTimeout(timer);
    run.textContent = (yes ? box.dataset.pause : box.dataset.play) ?? '';
    run.setAttribute('aria-pressed', String(yes));
    timer = yes ? window.setTimeout(next, FRAME_MS) : 0;
  }
  /** A month is shown once its picture is there; the film waits for slow ones. */
  async function next() {
    const at = (Number(slider.value) + 1) % frames.length;
    frames[at].loading = 'eager';
    await frames[at].decode().catch(() => null);
    if (!timer) return;
    show(at);
    timer = window.setTimeout(next, at === frames.length - 1 ? LAST_MS : FRAME_MS);
  }
  /** @param {number} by */
  function step(by) {
    play(false);
    show((Number(slider.value) + by + frames.length) % frames.length);
  }
  run.addEventListener('click', () => play(!timer));
  slider.addEventListener('input', () => {
    play(false);
    show(Number(slider.value));
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('[data-step]')))
    button.addEventListener('click', () => step(Number(button.dataset.step)));
  // Whoever asked for less motion steps by himself; nothing moves on its own.
  run.hidden = matchMedia('(prefers-reduced-motion: reduce)').matches;
  show(frames.length - 1);
  box.hidden = false;
  box.dataset.ready = '';
}
