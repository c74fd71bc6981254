// @ts-check
// How figures are written, and the making of elements: text is always text.

/** @typedef {Record<string, string>} Text */

let english = false;
/** @type {Text} */
let text = {};
/** @type {Text} */
let rents = {};

/**
 * @param {Text} words
 * @param {Text} units of rents, by their codes
 */
export function speak(words, units) {
  [text, rents] = [words, units];
  english = document.documentElement.lang === 'en';
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} values
 */
export const say = (key, values = {}) =>
  (text[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** @param {number} value @param {number} digits */
export const number = (value, digits = 0) => value.toLocaleString('en', {maximumFractionDigits: digits});

/** @param {number | null} m2 */
export function area(m2) {
  if (m2 === null) return '—';
  return m2 >= 10_000 && !english ? `${number(m2 / 10_000, 2)} ${say('wan')} m²` : `${number(m2, m2 < 100 ? 1 : 0)} m²`;
}

/** @param {number | null} amount @param {string} unit */
export function rent(amount, unit) {
  if (amount === null || !unit) return '—';
  const said = rents[unit] ?? unit;
  return english && said.startsWith('CNY') ? `CNY ${number(amount, 2)}${said.slice(3)}` : `${number(amount, 2)} ${said}`;
}

/** @param {number | null} share */
export const percent = share => (share === null ? '—' : `${number(share * 100, 1)}%`);

/**
 * @param {string} name
 * @param {Record<string, string | number | boolean | ((event: Event) => void)>} given attributes; functions are handlers
 * @param {(string | Node | null | false | undefined)[]} inside
 * @returns {HTMLElement}
 */
export function el(name, given = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given))
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== false) made.setAttribute(key, value === true ? '' : String(value));
  for (const each of inside) if (each) made.append(each);
  return made;
}
