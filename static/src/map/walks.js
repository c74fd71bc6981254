// @ts-check
/** The land that is reached on foot from a place, asked of the server once for each place and time, and what lies on it. */

/** @typedef {import('geojson').MultiPolygon} MultiPolygon */
/** @typedef {import('./types').Box} Box */
/** @typedef {Pick<import('./types').State, 'walk_from' | 'walk_min'>} Walk */
/** @typedef {ReturnType<typeof createWalks>} Walks */
/**
 * @typedef {object} Land
 * @property {MultiPolygon} geometry
 * @property {Box} box
 * @property {(lon: number, lat: number) => boolean} holds whether a place lies on it; whole millionths of a degree
 */

const DEGREE = 1e6;

/** @param {import('./types').Data} data @param {(reason: string) => void} fail is told when the land is not to be had */
export function createWalks(data, fail) {
  /** @type {Map<string, Land | null>} */
  const known = new Map();
  /** @type {Map<string, Promise<void>>} */
  const coming = new Map();
  const key = (/** @type {Walk} */ {walk_from, walk_min}) => `${walk_from} ${walk_min}`;

  /** @param {Walk} walk */
  async function ask(walk) {
    try {
      if (!data.walk) throw new Error('Walks are not part of this publication.');
      known.set(key(walk), landOf(await data.walk(walk.walk_from, walk.walk_min)));
    } catch (error) {
      known.set(key(walk), null);
      fail(String(error));
    }
    coming.delete(key(walk));
  }

  return {
    /** Whether walks can be asked for at all. */
    known: data.walk !== null,
    /** Whether land is asked for that is not here yet. @param {Walk} walk */
    waits: walk => walk.walk_from !== '' && !known.has(key(walk)),
    /** The land that is reached; null where no walk is asked for or the land is not to be had. @param {Walk} walk */
    of: walk => (walk.walk_from ? known.get(key(walk)) ?? null : null),
    /** Kept when the land is here, or will not come. @param {Walk} walk @returns {Promise<void>} */
    load(walk) {
      if (!walk.walk_from || known.has(key(walk))) return Promise.resolve();
      const under = coming.get(key(walk)) ?? ask(walk);
      if (!known.has(key(walk))) coming.set(key(walk), under);
      return under;
    },
  };
}

/** What is to be known of some land. @param {MultiPolygon} geometry @returns {Land} */
export function landOf(geometry) {
  const rings = geometry.coordinates.flat().map(ring => ring.map(([lon, lat]) => [lon * DEGREE, lat * DEGREE]));
  const corners = geometry.coordinates.flat(2);
  const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)];
  return {
    geometry,
    box: [least(lons), least(lats), -least(lons.map(lon => -lon)), -least(lats.map(lat => -lat))],
    holds: (lon, lat) => rings.reduce((odd, ring) => odd !== crosses(ring, lon, lat), false),
  };
}

/** @param {number[]} numbers */
const least = numbers => numbers.reduce((a, b) => Math.min(a, b), Infinity);

/** Whether a ray from a place to the east crosses a closed ring an odd number of times. @param {number[][]} ring @param {number} lon @param {number} lat */
function crosses(ring, lon, lat) {
  let odd = false;
  for (let i = 1; i < ring.length; i++) {
    const [[x, y], [u, v]] = [ring[i - 1], ring[i]];
    if (y > lat !== v > lat && lon < x + ((lat - y) / (v - y)) * (u - x)) odd = !odd;
  }
  return odd;
}
