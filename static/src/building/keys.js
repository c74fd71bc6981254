// @ts-check
/** Arrow keys walk the stacking plan: sideways through a floor, up and down to the unit that overlaps most. */

/** The units of a row, and the floor's own link before them. @param {Element} from @param {number} step @returns {HTMLAnchorElement | null} */
function beside(from, step) {
  const links = [...(from.closest('tr')?.querySelectorAll('a') ?? [])];
  return links[links.findIndex(link => link === from) + step] ?? null;
}

/** The unit above or below that overlaps most of the one left. @param {HTMLElement} from @param {'previousElementSibling' | 'nextElementSibling'} way */
function across(from, way) {
  const place = from.closest('th') ? 'th a' : 'td a';
  const {left, right} = from.getBoundingClientRect();
  for (let row = from.closest('tr')?.[way]; row; row = row[way]) {
    const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (row.querySelectorAll(place))];
    const overlap = (/** @type {Element} */ link) => {
      const box = link.getBoundingClientRect();
      return Math.min(right, box.right) - Math.max(left, box.left);
    };
    if (links.length) return links.reduce((best, link) => (overlap(link) > overlap(best) ? link : best));
  }
  return null;
}

/** One tab stop for the whole table. @param {HTMLTableElement} table */
export function walkable(table) {
  const all = [...table.querySelectorAll('a')];
  const links = all.filter(link => link.closest('td'));
  const start = links.find(link => link.ariaCurrent) ?? links.find(link => link.closest('.st-vacant')) ?? links[0];
  for (const link of all) link.tabIndex = link === start ? 0 : -1;
  table.addEventListener('focusin', event => {
    for (const link of all) link.tabIndex = link === event.target ? 0 : -1;
  });
  table.addEventListener('keydown', event => {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!from.matches('a')) return;
    const moves = /** @type {Record<string, () => HTMLElement | null | undefined>} */ ({
      ArrowLeft: () => beside(from, -1),
      ArrowRight: () => beside(from, 1),
      ArrowUp: () => across(from, 'previousElementSibling'),
      ArrowDown: () => across(from, 'nextElementSibling'),
      Home: () => links[0],
      End: () => links[links.length - 1],
    });
    const to = moves[event.key]?.();
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}
