// @ts-check
/** A shortlist as its address says it, `u=a,b&n.a=note`; the same rules as webmap/picked/selection.py. */

/** @typedef {{codes: string[], notes: Record<string, string>}} List */

export const MOST = 50;

/** @param {string} query @returns {List} */
export function parse(query) {
  const sent = new URLSearchParams(query);
  const codes = sent.getAll('u').flatMap(text => text.split(',')).map(code => code.trim().toLowerCase());
  const known = [...new Set(codes)].filter(code => /^[0-9a-z]{1,12}$/.test(code)).slice(0, MOST);
  /** @type {Record<string, string>} */
  const notes = {};
  for (const code of known) {
    const note = (sent.get(`n.${code}`) ?? '').split(/\s+/).filter(Boolean).join(' ');
    if (note) notes[code] = note;
  }
  return {codes: known, notes};
}

/** The query of a list, empty for an empty one. @param {List} list */
export function format({codes, notes}) {
  if (!codes.length) return '';
  const said = codes.filter(code => notes[code]).map(code => `&n.${code}=${encodeURIComponent(notes[code])}`);
  return `u=${codes.join(',')}${said.join('')}`;
}

/** Whether all of these units are on the list. @param {List} list @param {string[]} codes */
export const holds = (list, codes) => codes.every(code => list.codes.includes(code));

/**
 * The list with these units, or without them if all are on it; null when they do not fit any more.
 * @param {List} list
 * @param {string[]} codes
 * @returns {List | null}
 */
export function toggle(list, codes) {
  if (holds(list, codes)) return {...list, codes: list.codes.filter(code => !codes.includes(code))};
  const more = [...new Set([...list.codes, ...codes])];
  return more.length > MOST ? null : {...list, codes: more};
}

/** Both lists as one: ours first; our notes stand. @param {List} ours @param {List} theirs @returns {List} */
export function merge(ours, theirs) {
  const codes = [...new Set([...ours.codes, ...theirs.codes])].slice(0, MOST);
  return {codes, notes: {...theirs.notes, ...ours.notes}};
}
