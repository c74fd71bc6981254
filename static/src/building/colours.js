// @ts-check
/** Other colours at once, tips that say all of a unit, and legends that pick out what one of their lines stands for. */

/** Way to colour → what the classes of its shades begin with. */
const KINDS = /** @type {Record<string, string>} */ ({occupancy: 'st', industry: 'ig', age: 'age'});
const START = 'occupancy';

/** @param {HTMLElement} plan */
export function colours(plan) {
  const chips = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (plan.querySelectorAll('[data-colour]'))];
  const names = namesOf(plan);
  // Cells say what stands for the colour that the page was made with; from the usual one all others can be written here.
  if (plan.dataset.by === START) {
    const write = writer(plan, names);
    for (const chip of chips) chip.addEventListener('click', event => turn(event, plan, chips, chip, write));
  }
  plan.addEventListener('pointerover', event => tip(event, names));
  for (const item of plan.querySelectorAll('.legend li')) legendButton(plan, item);
}

/**
 * @param {MouseEvent} event
 * @param {HTMLElement} plan
 * @param {HTMLAnchorElement[]} chips
 * @param {HTMLAnchorElement} chip the one that was pressed
 * @param {(by: string) => void} write
 */
function turn(event, plan, chips, chip, write) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const by = String(chip.dataset.colour);
  write(by);
  plan.dataset.by = by;
  for (const other of chips) other.ariaCurrent = other === chip ? 'true' : null;
  for (const legend of /** @type {NodeListOf<HTMLElement>} */ (plan.querySelectorAll('.legend'))) legend.hidden = legend.dataset.by !== by;
  pick(plan, null);
  const address = new URL(location.href);
  if (by === START) address.searchParams.delete('colour');
  else address.searchParams.set('colour', by);
  history.replaceState(history.state, '', address);
}

/** Class of a shade → what the legends call it. @param {HTMLElement} plan */
function namesOf(plan) {
  const swatches = [...plan.querySelectorAll('.legend .swatch')];
  return new Map(swatches.map(swatch => [swatch.classList.item(1) ?? '', swatch.nextSibling?.textContent?.trim() ?? '']));
}

/** The class of a cell for one way to colour. @param {Element} cell @param {string} by */
const shadeOf = (cell, by) => [...cell.classList].find(name => name.startsWith(`${KINDS[by]}-`)) ?? '';

/** Writes into every cell what it says in another colour. @param {HTMLElement} plan @param {Map<string, string>} names */
function writer(plan, names) {
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (plan.querySelectorAll('td.unit a'))];
  const usual = links.map(link => [...link.childNodes]);
  return (/** @type {string} */ by) =>
    links.forEach((link, i) => {
      const shade = shadeOf(/** @type {Element} */ (link.parentElement), by);
      const told = shade.endsWith('-none') && by === 'industry' ? '' : names.get(shade);
      link.replaceChildren(...(by === START ? usual[i] : [`${link.dataset.label} ${told ?? ''}`.trim()]));
    });
}

/** Say all of a unit under the pointer. @param {Event} event @param {Map<string, string>} names */
function tip(event, names) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('td.unit a'));
  if (!link || link.title) return;
  const cell = /** @type {Element} */ (link.parentElement);
  const shades = ['industry', 'age'].map(by => shadeOf(cell, by)).filter(shade => shade !== 'ig-none');
  link.title = [link.textContent?.replace(/\s+/g, ' ').trim(), ...shades.map(shade => names.get(shade))].filter(Boolean).join(' · ');
}

/** @param {HTMLElement} plan @param {Element} item */
function legendButton(plan, item) {
  const button = document.createElement('button');
  button.type = 'button';
  button.ariaPressed = 'false';
  button.append(...item.childNodes);
  item.append(button);
  button.addEventListener('click', () => pick(plan, button.ariaPressed === 'true' ? null : button));
}

/** Only the units of one line of the legend, or all again. @param {HTMLElement} plan @param {HTMLButtonElement | null} chosen */
function pick(plan, chosen) {
  const shade = [...(chosen?.querySelector('.swatch')?.classList ?? [])].find(name => name !== 'swatch') ?? '';
  for (const button of plan.querySelectorAll('.legend button')) button.ariaPressed = String(button === chosen);
  plan.toggleAttribute('data-only', chosen !== null);
  for (const cell of plan.querySelectorAll('td.unit')) cell.classList.toggle('lit', shade !== '' && cell.classList.contains(shade));
}
