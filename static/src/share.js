// @ts-check
/** Pages about links: a button that copies the address beside it, where the browser lets pages copy. */

for (const box of document.querySelectorAll('.copied')) {
  const field = /** @type {HTMLInputElement} */ (box.querySelector('input'));
  const button = /** @type {HTMLButtonElement} */ (box.querySelector('[data-copy]'));
  const said = button.textContent;
  field.addEventListener('focus', () => field.select());
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done ?? said;
    setTimeout(() => (button.textContent = said), 2000);
  });
}
