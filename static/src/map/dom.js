// @ts-check
/** Builds elements without inline styles or markup, which the Content-Security-Policy of the page forbids. */

/** @typedef {Record<string, any>} Attributes listeners, a `style` object, true and false */
/** @typedef {Node | string | number | null | undefined | false} Child */

/** An element: `h('button.chip', {onclick, 'aria-pressed': true}, 'Text')`; the attributes may be left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T | `${T}.${string}`} name tag and classes
 * @param {...(Attributes | Child | Child[])} parts
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(name, ...parts) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  const attributes = parts[0]?.constructor === Object ? parts.shift() : {};
  for (const [key, value] of Object.entries(/** @type {Attributes} */ (attributes))) give(element, key, value);
  for (const child of parts.flat())
    if (child || child === 0) element.append(child instanceof Node ? child : String(child));
  return /** @type {any} */ (element);
}

/** @param {HTMLElement} element @param {string} key @param {any} value */
function give(element, key, value) {
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key === 'style') for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
  else if (key.startsWith('aria-')) element.setAttribute(key, String(value));
  else if (value === true) element.setAttribute(key, '');
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
}

/** The element that the template holds ready. @param {string} id @returns {HTMLElement} */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found;
}

/** Whether the reader asked for less movement. */
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Whether the page is laid out for a phone. */
export const narrow = () => matchMedia('(max-width: 720px)').matches;

/** Run `work` once before the next frame, however often it is asked for. @param {() => void} work */
export function soon(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/** Run `work` once after the next frame is on screen, however often it is asked for. @param {() => void} work */
export function afterFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        asked = false;
        work();
      }),
    );
  };
}

/** How long work that can wait may be kept waiting. */
const PATIENCE_MS = 400;

/** Run `work` once when nothing more urgent is left, however often it is asked for. @param {() => void} work */
export function whenIdle(work) {
  let asked = false;
  const run = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(run, {timeout: PATIENCE_MS});
    else setTimeout(run, PATIENCE_MS / 4);
  };
}

/** Run `work` after a pause, however often it is asked for meanwhile. @param {() => void} work */
export function afterPause(work) {
  let timer = 0;
  return (/** @type {number} */ ms) => {
    clearTimeout(timer);
    timer = window.setTimeout(work, ms);
  };
}
