// @ts-check
/** What a reader sets beside each other in this visit: every "compare" that is pressed adds a column. */

const KEY = 'loumap.compare';
export const MOST = 4;

/** Units and buildings, in the order in which they were chosen. @typedef {[kind: 'u' | 'b', code: string][]} Chosen */

/** @param {string} query @returns {Chosen} */
export function chosenIn(query) {
  const pairs = [...new URLSearchParams(query)].filter(([kind]) => kind === 'u' || kind === 'b');
  return /** @type {Chosen} */ (pairs.flatMap(([kind, codes]) => codes.split(',').filter(Boolean).map(code => [kind, code])));
}

/** One more; where there are too many, the first gives way. @param {Chosen} chosen @param {Chosen} more @returns {Chosen} */
export function added(chosen, more) {
  const others = chosen.filter(([, code]) => !more.some(([, other]) => other === code));
  return [...others, ...more].slice(-MOST);
}

/** @param {Chosen} chosen */
export function queryOf(chosen) {
  const of = (/** @type {string} */ kind) => chosen.filter(([one]) => one === kind).map(([, code]) => code).join(',');
  return ['u', 'b'].flatMap(kind => (of(kind) ? [`${kind}=${of(kind)}`] : [])).join('&');
}

/** Let the links to a comparison add to the one at hand; its own page says what that is. */
export function comparing() {
  const page = /** @type {HTMLElement | null} */ (document.querySelector('[data-compared]'));
  if (page) sessionStorage.setItem(KEY, page.dataset.compared ?? '');
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-compare]'))) {
    const {pathname, search} = new URL(link.href);
    const chosen = added(chosenIn(sessionStorage.getItem(KEY) ?? ''), chosenIn(search));
    link.href = `${pathname}?${queryOf(chosen)}`;
    if (chosen.length > 1) link.append(' ', count(chosen.length));
  }
}

/** @param {number} columns */
function count(columns) {
  const element = document.createElement('b');
  element.className = 'count-of';
  element.textContent = String(columns);
  return element;
}
