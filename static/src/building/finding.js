// @ts-check
/** Jump to a floor or unit of the plan and light it up; the link to the map then leads to the same floor. */

/** @param {string} text */
const folded = text => text.normalize('NFKC').trim().toLowerCase().replace(/(层|樓|楼|室|号|f|floor)$/, '').trim();

/** Floors called so, else units called so, else units whose number begins so. @param {HTMLElement} plan @param {string} wanted @returns {HTMLElement[]} */
function find(plan, wanted) {
  const text = folded(wanted);
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (plan.querySelectorAll('tr[data-label]'))];
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (plan.querySelectorAll('td.unit a'))];
  const cells = (/** @type {(label: string) => boolean} */ fits) =>
    links.filter(link => fits(String(link.dataset.label).normalize('NFKC').toLowerCase())).map(link => /** @type {HTMLElement} */ (link.closest('td')));
  if (!text) return [];
  const floors = rows.filter(row => folded(String(row.dataset.label)) === text);
  if (floors.length) return floors;
  const named = cells(label => label === text || folded(label) === text);
  return named.length || text.length < 2 ? named : cells(label => label.startsWith(text));
}

/** @param {HTMLElement} plan */
export function finding(plan) {
  const form = plan.querySelector('form');
  const said = /** @type {HTMLElement | null} */ (plan.querySelector('.found-what'));
  const input = form?.querySelector('input[type="search"]');
  if (!form || !said || !(input instanceof HTMLInputElement)) return;
  form.addEventListener('submit', event => {
    event.preventDefault();
    const found = find(plan, input.value);
    for (const old of plan.querySelectorAll('.found')) old.classList.remove('found');
    for (const each of found) each.classList.add('found');
    said.textContent = String(found.length ? said.dataset.found : said.dataset.none).replace('{n}', String(found.length));
    const link = /** @type {HTMLElement | null} */ (found[0]?.querySelector('td a') ?? found[0]?.querySelector('a'));
    link?.focus({preventScroll: true});
    found[0]?.scrollIntoView({block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
  });
}

/** The button to the map leads to the floor that was last touched. @param {HTMLElement} plan */
export function sameFloorOnMap(plan) {
  const button = document.querySelector('a[data-to-map]');
  if (!(button instanceof HTMLAnchorElement)) return;
  plan.addEventListener('focusin', event => {
    const floor = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('tr[data-floor]'))?.dataset.floor;
    if (!floor) return;
    const address = new URL(button.href);
    address.searchParams.set('floor', floor);
    button.href = address.href;
  });
}
