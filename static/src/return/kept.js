// @ts-check
/**
 * What this browser keeps of returns: a draft for each building and week, and an outbox of what is not sent yet.
 *
 * Both carry the account they belong to, so that nobody sends what somebody else has written on the same telephone.
 */

/** @typedef {[name: string, value: string][]} Entries */
/** @typedef {{owner: string, building: string, week: string, units: string}} Origin the draft a letter was made of */
/**
 * @typedef {{id: string, owner: string, name: string, target: string, entries: Entries, at: number, origin: Origin | null}} Letter
 */
/** @typedef {Record<string, Record<string, string>>} Units unit → field → value */
/** @typedef {{key: string, saidOn: string, units: Units, rest: Entries}} Draft */

const OUTBOX = 'loumap.returns.outbox';

/** @template T @param {string} key @param {T} fallback @returns {T} */
function read(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? fallback;
  } catch {
    return fallback;
  }
}

/** Whether it could be kept: some browsers keep nothing. @param {string} key @param {unknown} value */
function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} owner @param {string} building @param {string} week */
const draftKey = (owner, building, week) => `loumap.returns.draft.${owner}.${building}.${week}`;

/** @param {string} owner @param {string} building @param {string} week @returns {Draft | null} */
export const loadDraft = (owner, building, week) => read(draftKey(owner, building, week), null);
/** @param {string} owner @param {string} building @param {string} week @param {Draft} draft */
export const saveDraft = (owner, building, week, draft) => write(draftKey(owner, building, week), draft);
/** @param {string} owner @param {string} building @param {string} week */
export const dropDraft = (owner, building, week) => localStorage.removeItem(draftKey(owner, building, week));

/** Drop the draft of a letter that has arrived, unless more was changed since. @param {Origin} origin */
export function dropOrigin({owner, building, week, units}) {
  const draft = loadDraft(owner, building, week);
  if (draft && JSON.stringify(draft.units) === units) dropDraft(owner, building, week);
}

/** @returns {Letter[]} */
export const letters = () => read(OUTBOX, /** @type {Letter[]} */ ([]));
/** @param {string} owner */
export const lettersOf = owner => letters().filter(letter => letter.owner === owner);
/** @param {Letter} letter */
export const putLetter = letter => write(OUTBOX, [...letters().filter(each => each.id !== letter.id), letter]);
/** @param {string} id */
export const dropLetter = id => write(OUTBOX, letters().filter(letter => letter.id !== id));
