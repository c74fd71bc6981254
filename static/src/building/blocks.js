// @ts-check
/** Units that can be taken together light up together, in the plan and in the list below it. */

/** @param {HTMLElement} plan */
export function blocks(plan) {
  const show = (/** @type {string | undefined} */ number) => {
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (plan.querySelectorAll('td.block'))) {
      cell.classList.toggle('together', number !== undefined && cell.dataset.block === number);
    }
  };
  const touched = (/** @type {Event} */ event) => {
    const held = /** @type {HTMLElement} */ (event.target).closest('[data-block]');
    show(/** @type {HTMLElement | null} */ (held)?.dataset.block);
  };
  plan.addEventListener('pointerover', touched);
  plan.addEventListener('focusin', touched);
  plan.addEventListener('pointerleave', () => show(undefined));
}
