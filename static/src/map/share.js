// @ts-check
/** "Copy link" puts the address of what is shown on the clipboard; "share" leads to the page that makes links of it. */

/** @param {Element} link @param {string} path the page that is shared */
export const shareAddress = (link, path) => `${link.getAttribute('data-share-page')}?to=${encodeURIComponent(path)}`;

/** @param {string} address @param {(message: string) => void} say @param {(key: string) => string} t */
export async function copyLink(address, say, t) {
  try {
    await navigator.clipboard.writeText(address);
    say(t('link_copied'));
  } catch {
    // Without a secure connection there is no clipboard: the address is shown to be copied by hand.
    prompt(t('copy_link'), address);
  }
}
