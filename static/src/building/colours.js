// @ts-check
/** Other colours at once, and legends that pick out what one of their lines stands for. */

/** @param {HTMLElement} plan */
export function colours(plan) {
  const chips = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (plan.querySelectorAll('[data-colour]'))];
  for (const chip of chips) {
    chip.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const by = String(chip.dataset.colour);
      plan.dataset.by = by;
      for (const other of chips) other.ariaCurrent = other === chip ? 'true' : null;
      for (const legend of /** @type {NodeListOf<HTMLElement>} */ (plan.querySelectorAll('.legend'))) legend.hidden = legend.dataset.by !== by;
      pick(plan, null);
      const address = new URL(location.href);
      if (by === 'occupancy') address.searchParams.delete('colour');
      else address.searchParams.set('colour', by);
      history.replaceState(history.state, '', address);
    });
  }
  for (const item of plan.querySelectorAll('.legend li')) legendButton(plan, item);
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
