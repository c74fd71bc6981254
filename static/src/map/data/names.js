// @ts-check
/**
 * What the search box finds in a copy: names, aliases, pinyin, initials and addresses, out of a file that is read in ranges.
 * `geo/exports/name_shards.py` writes it; the scores are those of `geo/onebox/finding.py`, which finds typos as well.
 */

import {foldTerms} from '../fold.js';
import {packedJson, unpacked} from './packed.js';

/** @typedef {import('../types').Suggestion} Suggestion */
/** @typedef {import('../types').BuildingDetail} Detail */
/** @typedef {{first: string[], ends: number[], picked_first: string[], picked_ends: number[]}} Table */
/** @typedef {{latin: Table, chinese: Table, counts: Record<string, number>, things: number[], per_things: number, roots: string[], file: string}} Directory */
/** Texts of keys, numbers of things, merits, parts of names. @typedef {[string[], number[], number[], number[]]} Block */
/** @typedef {{thing: number, score: number}} Hit */
/** @typedef {[kind: Suggestion['kind'], code: string, name: string | null, name_en: string | null, where: string | null, where_en: string | null, word: string | null, building: string | null, lon: number | null, lat: number | null, box: import('../types').Box | null]} Thing */
/** @typedef {(query: string, signal: AbortSignal) => Promise<{items: Suggestion[]}>} Suggest */

const [EXACT, PREFIX, WORD] = [1, 0.8, 0.6];
const [WEIGHT, NEAR, SHORT] = [0.08, 0.08, -0.05];
const NEAR_M = 1000;
const METRES_PER_DEGREE = 111_320;
/** In a merit the bit that says that a key is the beginning of a name. */
const START = 128;
/** The number of initials among the parts of a name. */
const INITIALS = 4;
const LONGEST = {latin: 24, chinese: 12};
/** Things looked at: of one kind, and in all. */
const [MOST_OF_KIND, MOST_THINGS] = [8, 16];
const UNIT = /^(.*?\D|.*?\s)[\s,，、·]*((?:[a-z]{1,2}-?)?\d{2,5}[a-z]?|\d{1,2}[a-z]\d{2,3})\s*(?:室|单元|單元|房|号室|號室)?$/iu;

/**
 * @param {string} address of the directory
 * @param {string} pairs traditional and simplified characters, as `foldTerms` wants them
 * @param {(code: string) => Promise<Detail>} building
 * @returns {Promise<Suggest>}
 */
export async function openNames(address, pairs, building) {
  /** @type {Directory} */
  const directory = await packedJson(address);
  const file = new URL(directory.file.replace(/^data\//, ''), address).href;
  /** @type {Map<number, Promise<any>>} */
  const read = new Map();

  /** What lies between two ends of the file. @param {number[]} ends @param {number} at */
  function block(ends, at) {
    const found = read.get(ends[at]) ?? fetchRange(file, ends[at], ends[at + 1]);
    read.set(ends[at], found);
    found.catch(() => read.delete(ends[at]));
    return found;
  }

  /** The keys that begin so: all of them, or the best. @param {string} asked @returns {Promise<Block[]>} */
  async function keysOf(asked) {
    const table = directory[scriptOf(asked)];
    const beginning = asked.slice(0, LONGEST[scriptOf(asked)]);
    const picked = last(table.picked_first, beginning);
    if (picked >= 0) {
      const found = (await block(table.picked_ends, picked))[beginning];
      if (found) return [found];
    }
    const from = Math.max(0, last(table.first, beginning, true));
    const to = last(table.first, `${beginning}\uffff`);
    return Promise.all(Array.from({length: Math.max(0, to - from + 1)}, (_, i) => block(table.ends, from + i)));
  }

  /** Things whose keys begin so, the best first. @param {string} asked @returns {Promise<Hit[]>} */
  async function hitsOf(asked) {
    /** @type {Map<number, number>} */
    const best = new Map();
    const longest = LONGEST[scriptOf(asked)];
    for (const [texts, things, merits, parts] of await keysOf(asked))
      texts.forEach((text, i) => {
        if (!text.startsWith(asked) && !(asked.startsWith(text) && text.length === longest)) return;
        const start = merits[i] >= START;
        const base = start ? (text === asked ? EXACT : PREFIX) : WORD;
        const score = base + ((merits[i] % START) * WEIGHT) / START + (parts[i] === INITIALS ? SHORT : 0);
        if (score > (best.get(things[i]) ?? 0)) best.set(things[i], score);
      });
    return [...best].map(([thing, score]) => ({thing, score})).sort((one, other) => other.score - one.score || one.thing - other.thing);
  }

  /** @param {Hit[]} hits */
  const thingsOf = hits =>
    Promise.all(
      hits.map(async ({thing, score}) => {
        const listed = await block(directory.things, Math.floor(thing / directory.per_things));
        return {score, thing: /** @type {Thing} */ (listed[thing % directory.per_things])};
      }),
    );

  /** The best hits, not too many of one kind, whose numbers go kind by kind. @param {Hit[]} hits @param {number} most */
  function mixed(hits, most) {
    const counts = Object.values(directory.counts);
    const taken = counts.map(() => 0);
    const kindOf = (/** @type {number} */ thing) => counts.findIndex(count => (thing -= count) < 0);
    return hits.filter(({thing}) => taken[kindOf(thing)]++ < MOST_OF_KIND).slice(0, most);
  }

  /** @param {string} typed @param {number} most */
  async function found(typed, most) {
    const terms = foldTerms(typed, pairs);
    const written = terms.join('');
    if (!written) return [];
    const stripped = withoutPlace(written, directory.roots);
    const hits = [...(await hitsOf(written)), ...(stripped === written ? [] : await hitsOf(stripped))];
    const things = await thingsOf(mixed(once(hits), most));
    if (terms.length < 2 || things.length >= most) return things;
    const longest = terms.reduce((one, other) => (other.length > one.length ? other : one));
    const known = new Set(things.map(({thing}) => thing));
    const more = await thingsOf(mixed(await hitsOf(longest), 2 * most));
    const has = (/** @type {Thing} */ thing) => {
      const said = foldTerms(thing.slice(2, 6).filter(Boolean).join(''), pairs).join('');
      return !known.has(thing) && terms.every(term => term === longest || said.includes(term));
    };
    return [...things, ...more.filter(({thing}) => has(thing)).map(each => ({...each, score: Math.min(each.score, WORD)}))];
  }

  /** Units of the buildings found whose number begins so. @param {string} typed @param {number} most */
  async function units(typed, most) {
    const [, where, label] = typed.match(UNIT) ?? [];
    if (!label) return [];
    const buildings = (await found(where, 4)).filter(({thing: [kind]}) => kind === 'building').slice(0, 2);
    const details = await Promise.all(buildings.map(({thing}) => building(thing[1]).catch(() => null)));
    const wanted = foldTerms(label).join('');
    return details.flatMap(detail => (detail ? labelled(detail, wanted) : [])).slice(0, most);
  }

  return async query => {
    const asked = new URLSearchParams(query);
    const typed = asked.get('q') ?? '';
    const limit = Number(asked.get('limit')) || 12;
    const each = Math.max(3, Math.floor(limit / 3));
    const [named, rooms] = await Promise.all([found(typed, MOST_THINGS), units(typed, each)]);
    const at = asked.get('at')?.split(',').map(Number);
    const order = named.map(({thing, score}) => ({item: asSuggestion(thing), score: score + nearness(thing, at)}));
    order.sort((one, other) => other.score - one.score);
    return {items: grouped([...rooms, ...order.map(({item}) => item)], limit, each)};
  };
}

/** Keys of the two kinds of letters lie apart. @param {string} asked */
const scriptOf = asked => (/^[\0-\x7f]*$/.test(asked) ? 'latin' : 'chinese');

/** The row before or at which a text stands in a sorted list, -1 before all; with `strictly` the one before it. @param {string[]} list @param {string} text @param {boolean} [strictly] */
export function last(list, text, strictly = false) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (strictly ? list[middle] < text : list[middle] <= text) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @param {string} address @param {number} from @param {number} to */
async function fetchRange(address, from, to) {
  const answer = await fetch(address, {headers: {Range: `bytes=${from}-${to - 1}`}});
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const wanted = answer.status === 206 ? bytes : bytes.slice(from, to);
  return JSON.parse(new TextDecoder().decode(await unpacked(wanted)));
}

/** What is left of an address after the places it begins with. @param {string} folded @param {string[]} roots @returns {string} */
function withoutPlace(folded, roots) {
  const root = roots.find(each => folded.startsWith(each) && folded.length > each.length);
  return root ? withoutPlace(folded.slice(root.length), roots) : folded;
}

/** @param {Hit[]} hits */
function once(hits) {
  const seen = new Set();
  return hits.filter(({thing}) => !seen.has(thing) && seen.add(thing));
}

/** @param {Thing} thing @param {number[] | undefined} at */
function nearness([, , , , , , , , lon, lat], at) {
  if (!at || lon === null || lat === null) return 0;
  const metres = METRES_PER_DEGREE * Math.hypot((lon - at[0]) * Math.cos((at[1] * Math.PI) / 180), lat - at[1]);
  return (NEAR * NEAR_M) / (NEAR_M + metres);
}

/** @param {Thing} thing @returns {Suggestion} */
function asSuggestion([kind, code, name, name_en, where, where_en, word, building, lon, lat, bbox]) {
  const location = lon === null || lat === null ? null : /** @type {[number, number]} */ ([lon, lat]);
  const within = building ? {code: building, name: where, name_en: where_en} : null;
  return {kind, code, name, name_en, where, where_en, word, building: within, location, bbox, units_to_let: null};
}

/** @param {Detail} building @param {string} wanted @returns {Suggestion[]} */
function labelled({code, name, name_en, address = null, address_en = null, floors}, wanted) {
  const rooms = floors.flatMap(({units}) => units).filter(({label}) => foldTerms(label).join('').startsWith(wanted));
  const [where, where_en] = [name ?? address, name_en ?? address_en];
  return rooms.map(unit => ({
    kind: 'unit', code: unit.code, name: unit.label, name_en: null, where, where_en, word: unit.occupancy,
    building: {code, name, name_en}, location: null, bbox: null, units_to_let: null,
  }));
}

/** The best of each kind, together; kinds by their best. @param {Suggestion[]} items @param {number} limit @param {number} each */
function grouped(items, limit, each) {
  const kinds = [...new Set(items.map(({kind}) => kind))];
  const most = kinds.length === 1 ? limit : each;
  return kinds.flatMap(kind => items.filter(item => item.kind === kind).slice(0, most)).slice(0, limit);
}
