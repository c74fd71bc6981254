// @ts-check
/** Reads the state file: a JSON header and typed columns, looked at in place without copying.
 *
 * Bytes 0–3 are "LMC1", 4–7 the length H of the header (little-endian), then H bytes of JSON, then the columns at
 * offsets counted from byte 8 + H. Texts and lists are one run of values with the end of each row beside it.
 */

/** @typedef {import('../types').Table} Table */
/** @typedef {import('../types').TextColumn} TextColumn */
/** @typedef {import('../types').ListColumn} ListColumn */
/** @typedef {{type: string, offset: number, ends?: number, bytes?: number}} Column */

const MAGIC = 'LMC1';
const NUMBERS = /** @type {const} */ ({
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  i2: Int16Array,
  i4: Int32Array,
  f4: Float32Array,
});
const utf8 = new TextDecoder('utf-8', {ignoreBOM: true});

/** @param {ArrayBuffer} buffer @returns {Table} @throws {Error} when the bytes are no state file */
export function parseState(buffer) {
  if (utf8.decode(new Uint8Array(buffer, 0, 4)) !== MAGIC)
    throw new Error(`The state file does not begin with ${MAGIC}.`);
  const length = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(utf8.decode(new Uint8Array(buffer, 8, length)));
  const base = 8 + length;
  const buildings = readTable(buffer, base, header.tables.buildings);
  const units = readTable(buffer, base, header.tables.units);
  buildings.near = Object.fromEntries(
    header.words.amenity.map((/** @type {string} */ code) => [code, buildings[`near_${code}`]]),
  );
  return /** @type {any} */ ({
    version: header.version,
    asOf: header.as_of,
    staleDays: header.stale_days ?? 0,
    words: header.words,
    told: header.totals ? header : null,
    bare: header.bare ?? units.n === 0,
    buildings,
    units,
    first: firstRows(units.b, buildings.n),
    row: rowFinder(buildings.code),
  });
}

/** @param {ArrayBuffer} buffer @param {number} base @param {{rows: number, columns: Record<string, Column>}} table */
function readTable(buffer, base, {rows, columns}) {
  /** @type {Record<string, any>} */
  const read = {n: rows};
  for (const [name, column] of Object.entries(columns)) read[name] = readColumn(buffer, base, column, rows);
  return read;
}

/** @param {ArrayBuffer} buffer @param {number} base @param {Column} column @param {number} rows */
function readColumn(buffer, base, {type, offset, ends, bytes}, rows) {
  const start = base + offset;
  if (type === 'utf8' || type === 'u4[]') {
    const until = new Uint32Array(buffer, base + (ends ?? 0), rows);
    return type === 'utf8'
      ? texts(new Uint8Array(buffer, start, bytes), until)
      : lists(new Uint32Array(buffer, start, until[rows - 1] ?? 0), until);
  }
  const Kind = NUMBERS[/** @type {keyof typeof NUMBERS} */ (type)];
  if (!Kind) throw new Error(`The state file has a column of the unknown type "${type}".`);
  return new Kind(buffer, start, rows);
}

/**
 * Decoded as a whole when one of them is first asked for: ten thousand small decodings take many times as long.
 * @param {Uint8Array} bytes
 * @param {Uint32Array} ends
 * @returns {TextColumn}
 */
function texts(bytes, ends) {
  /** @type {{text: string, ends: Uint32Array} | null} */
  let decoded = null;
  const joined = () => (decoded ??= {text: utf8.decode(bytes), ends: endsOfTexts(bytes, ends)});
  return {
    n: ends.length,
    joined,
    at(row) {
      const {text, ends} = joined();
      return text.slice(row ? ends[row - 1] : 0, ends[row]);
    },
  };
}

/**
 * Where each row ends, counted in the units of a JavaScript string instead of bytes.
 * @param {Uint8Array} bytes
 * @param {Uint32Array} ends
 */
function endsOfTexts(bytes, ends) {
  const found = new Uint32Array(ends.length);
  for (let row = 0, at = 0, length = 0; row < ends.length; row++) {
    // A byte that goes on with a character adds nothing, one that begins four bytes adds two.
    for (; at < ends[row]; at++) length += (bytes[at] & 0xc0) === 0x80 ? 0 : bytes[at] >= 0xf0 ? 2 : 1;
    found[row] = length;
  }
  return found;
}

/** @param {Uint32Array} values @param {Uint32Array} ends @returns {ListColumn} */
const lists = (values, ends) => ({values, ends, at: i => values.subarray(i ? ends[i - 1] : 0, ends[i])});

/**
 * Row of the first unit of each building.
 * @param {Uint32Array} owners building of each unit, ascending
 * @param {number} buildings
 */
export function firstRows(owners, buildings) {
  const first = new Uint32Array(buildings + 1);
  for (const owner of owners) first[owner + 1]++;
  for (let b = 0; b < buildings; b++) first[b + 1] += first[b];
  return first;
}

/** Finds the row of a code. @param {TextColumn} codes @returns {(code: string) => number} */
export function rowFinder(codes) {
  /** @type {Map<string, number> | null} */
  let rows = null;
  return code => (rows ??= new Map(Array.from({length: codes.n}, (_, row) => [codes.at(row), row]))).get(code) ?? -1;
}
