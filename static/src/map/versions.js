// @ts-check
/** Asks now and then whether the server has something newer, while somebody is looking. */

const EVERY_MS = 5000;

/**
 * @param {import('./types').Data} data
 * @param {Record<string, number>} known
 * @param {(versions: Record<string, number>, changed: string[]) => void} tell
 */
export function watchVersions(data, known, tell) {
  let last = known;
  async function look() {
    if (document.hidden) return;
    const versions = await data.versions().catch(() => last);
    const changed = Object.keys(versions).filter(layer => versions[layer] !== last[layer]);
    last = versions;
    if (changed.length) tell(versions, changed);
  }
  setInterval(look, EVERY_MS);
  document.addEventListener('visibilitychange', look);
}
