// @ts-check
/** The stacking plan made handier: arrow keys walk it, the legend picks out one status. The page works without it. */

/** @param {Element} from @param {number} step @returns {HTMLAnchorElement | null} */
function beside(from, step) {
  const links = [...(from.closest('tr')?.querySelectorAll('a') ?? [])];
  return links[links.findIndex(link => link === from) + step] ?? null;
}

/** The unit above or below that overlaps most of the one left. @param {HTMLElement} from @param {'previousElementSibling' | 'nextElementSibling'} way */
function across(from, way) {
  const {left, right} = from.getBoundingClientRect();
  for (let row = from.closest('tr')?.[way]; row; row = row[way]) {
    const links = [...row.querySelectorAll('a')];
    const overlap = (/** @type {Element} */ link) => { const box = link.getBoundingClientRect(); return Math.min(right, box.right) - Math.max(left, box.left); };
    if (links.length) return links.reduce((best, link) => (overlap(link) > overlap(best) ? link : best));
  }
  return null;
}

/** @param {HTMLTableElement} table */
function walkable(table) {
  const links = [...table.querySelectorAll('a')];
  const start = links.find(link => link.ariaCurrent) ?? links.find(link => link.dataset.status === 'vacant') ?? links[0];
  for (const link of links) link.tabIndex = link === start ? 0 : -1;
  table.addEventListener('keydown', event => {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!from.matches('a')) return;
    const moves = /** @type {Record<string, () => HTMLElement | null | undefined>} */ ({
      ArrowLeft: () => beside(from, -1), ArrowRight: () => beside(from, 1),
      ArrowUp: () => across(from, 'previousElementSibling'), ArrowDown: () => across(from, 'nextElementSibling'),
      Home: () => links[0], End: () => links[links.length - 1],
    });
    const to = moves[event.key]?.();
    if (!to) return;
    event.preventDefault();
    for (const link of links) link.tabIndex = link === to ? 0 : -1;
    to.focus();
  });
}

/** @param {HTMLElement} plan */
function legendPicks(plan) {
  for (const item of plan.querySelectorAll('.legend li')) {
    const status = [...(item.querySelector('.swatch')?.classList ?? [])].find(name => name.startsWith('st-'));
    const button = document.createElement('button');
    button.type = 'button';
    button.ariaPressed = 'false';
    button.append(...item.childNodes);
    item.append(button);
    button.addEventListener('click', () => {
      const on = button.ariaPressed !== 'true';
      for (const other of plan.querySelectorAll('.legend button')) other.ariaPressed = String(on && other === button);
      plan.toggleAttribute('data-only', on);
      for (const cell of plan.querySelectorAll('td.unit')) cell.classList.toggle('lit', on && cell.classList.contains(String(status)));
    });
  }
}

for (const table of document.querySelectorAll('table.stacking')) walkable(/** @type {HTMLTableElement} */ (table));
for (const plan of document.querySelectorAll('.plan')) legendPicks(/** @type {HTMLElement} */ (plan));
