// @ts-check
// Unpacks what geo/exports/offline/payload.py has packed: whole decimetres, rows without names.

/** @typedef {{label: string, status: number, area: number | null, floor: string, position: number, rent: number | null,
 *   rentUnit: string, rentDay: number | null, fitout: string, available: string, reported: string, verified: string,
 *   stale: number, least: number | null, fits: number}} Unit */
/** @typedef {[columns: number, rows: number, what: number]} Cell */
/** @typedef {[label: string, use: string, cells: Cell[]]} PlanRow */
/** @typedef {[columns: number, title: string, rows: PlanRow[]]} PlanTable */
/** @typedef {[west: number, south: number, east: number, north: number]} Box */
/** @typedef {{rings: Float64Array[], height: number, box: Box, tower: Tower | null}} Block */
/** @typedef {{code: string, name: string, search: string, address: string, grade: string, status: string, floors: number,
 *   height: number, year: number, leasable: number | null, fee: number | null, rate: number | null, areas: number[],
 *   units: Unit[], plan: PlanTable[][], block: Block, picked: Map<Unit, number>, pin: string}} Tower */
/** @typedef {{number: number, tower: Tower | null, units: Unit[], note: string, said: string[], gone: string}} Pick */
/** @typedef {{size: number[], ground: {kind: string, rings: Float64Array[]}[],
 *   roads: {width: number, name: string, lines: Float64Array[]}[], lines: {colour: string, lines: Float64Array[]}[],
 *   stops: {name: string, x: number, y: number}[], areas: [code: string, name: string][], towers: Tower[], blocks: Block[]}} District */

/** The states a unit can be in, by their numbers. */
export const STATES = ['vacant', 'soon', 'in_use', 'own_use', 'unknown'];

/**
 * @param {any} packed
 * @returns {District}
 */
export function unpack(packed) {
  const towers = packed.towers.map(tower);
  const around = packed.around.map((/** @type {any[]} */ [height, ring]) => block([ring], height, null));
  const blocks = [...around, ...towers.map((/** @type {Tower} */ each) => each.block)];
  blocks.sort((a, b) => b.box[1] - a.box[1]); // those behind first
  return {
    size: packed.size,
    ground: packed.ground.map((/** @type {any[]} */ [kind, ...rings]) => ({kind, rings: rings.map(points)})),
    roads: packed.roads.map((/** @type {any[]} */ [width, name, ...lines]) => ({width, name, lines: lines.map(points)})),
    lines: packed.lines.map((/** @type {any[]} */ [colour, ...lines]) => ({colour, lines: lines.map(points)})),
    stops: packed.stops.map((/** @type {any[]} */ [name, x, y]) => ({name, x, y})),
    areas: packed.areas,
    towers,
    blocks,
  };
}

/**
 * Somebody's choice: its lines, which also say their numbers to the towers and units that they are about.
 * @param {{tower: number, units: number[], note: string, said: string[], gone: string}[]} given
 * @param {Tower[]} towers
 * @returns {Pick[]}
 */
export function choices(given, towers) {
  return given.map((line, i) => {
    const tower = towers[line.tower] ?? null;
    const units = tower ? line.units.map(place => tower.units[place]) : [];
    if (tower) tower.pin += `${tower.pin && ', '}${i + 1}`;
    for (const unit of units) tower?.picked.set(unit, i + 1);
    return {...line, number: i + 1, tower, units};
  });
}

/**
 * @param {number[]} steps the first point, then the way from each to the next
 * @returns {Float64Array} x and y of each point in turn
 */
export function points(steps) {
  const at = Float64Array.from(steps);
  for (let i = 2; i < at.length; i++) at[i] += at[i - 2];
  return at;
}

/**
 * @param {any[]} row
 * @returns {Tower}
 */
function tower(row) {
  const [code, name, search, address, grade, status, floors, height, year, leasable, fee, rate, areas, rings, units, plan] = row;
  /** @type {Tower} */
  const found = {
    ...{code, name, search, address, grade, status, floors, height, year, leasable, fee, rate, areas, plan},
    units: units.map(unit),
    block: block(rings, height, null),
    picked: new Map(),
    pin: '',
  };
  found.block.tower = found;
  return found;
}

/**
 * @param {any[]} row
 * @returns {Unit}
 */
function unit(row) {
  const [label, status, area, floor, position, rent, rentUnit, rentDay, fitout, available, reported, verified, stale, least, fits] = row;
  return {label, status, area, floor, position, rent, rentUnit, rentDay, fitout, available, reported, verified, stale, least, fits};
}

/**
 * @param {number[][]} steps
 * @param {number} height metres
 * @param {Tower | null} tower
 * @returns {Block}
 */
function block(steps, height, tower) {
  const rings = steps.map(points);
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      box[0] = Math.min(box[0], ring[i]);
      box[1] = Math.min(box[1], ring[i + 1]);
      box[2] = Math.max(box[2], ring[i]);
      box[3] = Math.max(box[3], ring[i + 1]);
    }
  return {rings, height: height * 10, box, tower};
}
