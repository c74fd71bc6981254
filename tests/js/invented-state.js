/** Writes small state files of invented buildings, by the same layout as `geo/snapshot.py`. */

export const WORDS = {
  grade: ['super_a', 'a', 'b'],
  status: ['operating', 'under_construction', 'planned'],
  theme: ['finance', 'green'],
  industry: ['finance', 'it', 'other'],
  fitout: ['shell', 'full'],
  occupancy: ['vacant', 'soon', 'in_use', 'own_use', 'unknown'],
  amenity: ['metro', 'cafe'],
  areas: ['north', 'south'],
  clusters: ['c1'],
};
const BUILDING = {
  id: ['u4', 0],
  code: ['utf8', ''],
  name: ['utf8', ''],
  name_en: ['utf8', ''],
  search: ['utf8', ''],
  lon: ['i4', 119_330_000],
  lat: ['i4', 26_050_000],
  height: ['f4', 100],
  floors: ['i2', 25],
  grade: ['u1', 0],
  star: ['u1', 0],
  status: ['u1', 1],
  themes: ['u4', 0],
  industries: ['u4', 0],
  leading: ['u1', 0],
  leasable: ['f4', 10_000],
  vacant: ['f4', 0],
  soon: ['f4', 0],
  unknown: ['f4', 0],
  units: ['u2', 0],
  reported: ['i4', 0],
  year: ['i2', 2015],
  managed: ['u1', 1],
  areas: ['u4[]', []],
  clusters: ['u4[]', []],
  near_metro: ['u2', 65535],
  near_cafe: ['u2', 65535],
};
const UNIT = {
  b: ['u4', 0],
  floor: ['i2', 5],
  area: ['f4', 200],
  occupancy: ['u1', 1],
  rent: ['f4', NaN],
  fitout: ['u1', 1],
  available: ['i4', 0],
  min_area: ['f4', 0],
  reported: ['i4', 20_000],
  stale: ['u1', 0],
};
const NUMBERS = {u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i2: Int16Array, i4: Int32Array, f4: Float32Array};

/**
 * @param {Record<string, any>[]} buildings
 * @param {Record<string, any>[]} units in the order of their buildings
 * @returns {ArrayBuffer}
 */
export function writeState(buildings, units) {
  const body = {parts: [], length: 0};
  const tables = {buildings: writeTable(body, buildings, BUILDING), units: writeTable(body, units, UNIT)};
  const head = JSON.stringify({version: 3, as_of: '2026-11-21', stale_days: 60, tables, words: WORDS});
  const encoded = new TextEncoder().encode(head);
  const length = Math.ceil((8 + encoded.length) / 8) * 8 - 8;
  const file = new Uint8Array(8 + length + body.length).fill(32, 0, 8 + length);
  file.set(new TextEncoder().encode('LMC1'));
  new DataView(file.buffer).setUint32(4, length, true);
  file.set(encoded, 8);
  for (const {at, bytes} of body.parts) file.set(bytes, 8 + length + at);
  return file.buffer;
}

function writeTable(body, rows, columns) {
  const described = Object.entries(columns).map(([name, [type, usual]]) => [
    name,
    writeColumn(
      body,
      type,
      rows.map(row => row[name] ?? usual),
    ),
  ]);
  return {rows: rows.length, columns: Object.fromEntries(described)};
}

function writeColumn(body, type, values) {
  if (type !== 'utf8' && type !== 'u4[]') return {type, offset: put(body, NUMBERS[type].from(values))};
  const lists =
    type === 'utf8' ? values.map(text => new TextEncoder().encode(text)) : values.map(list => Uint32Array.from(list));
  let end = 0;
  const ends = Uint32Array.from(lists, list => (end += list.length));
  const joined = new (type === 'utf8' ? Uint8Array : Uint32Array)(end);
  lists.forEach((list, row) => joined.set(list, row ? ends[row - 1] : 0));
  return {type, offset: put(body, joined), ends: put(body, ends), ...(type === 'utf8' && {bytes: end})};
}

function put(body, array) {
  const at = Math.ceil(body.length / 8) * 8;
  body.parts.push({at, bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength)});
  body.length = at + array.byteLength;
  return at;
}
