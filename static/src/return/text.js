// @ts-check
/** The texts that the server wrote into the page for its script. */

const texts = () => /** @type {HTMLElement | null} */ (document.getElementById('texts'))?.dataset ?? {};

/** A text by its name, `{n}` and the like filled in. @param {string} name @param {Record<string, string | number>} [values] */
export const text = (name, values = {}) =>
  (texts()[name] ?? '').replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ''));
