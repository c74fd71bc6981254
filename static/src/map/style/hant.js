// @ts-check
/**
 * Writes the names in the tiles, which are 简体, in traditional characters: the names of what is on screen are looked
 * up and their labels told, so that the tiles stay the same for all readers.
 */

/** Layer → the source and source layer of its names. @type {Record<string, [string, string]>} */
const LABELS = {
  'road-names': ['ground', 'roads'],
  'ground-names': ['ground', 'water'],
  'green-names': ['ground', 'green'],
  'transit-names': ['ground', 'transit'],
  stations: ['stations', 'amenities'],
  amenities: ['amenities', 'amenities'],
  'area-names': ['areas', 'areas'],
};

/** @param {import('maplibre-gl').Map} map @param {(name: string) => string} script turns a name into traditional characters */
export function writeTraditional(map, script) {
  /** @type {Map<string, Map<string, string>>} */
  const known = new Map(Object.keys(LABELS).map(id => [id, new Map()]));
  /** @type {Map<string, any>} */
  const fields = new Map();

  /** @param {string} id @param {Map<string, string>} names simplified → traditional, where they differ */
  function tell(id, names) {
    if (!fields.has(id)) fields.set(id, map.getLayoutProperty(id, 'text-field'));
    map.setLayoutProperty(id, 'text-field', translated(fields.get(id), names));
  }

  map.on('idle', () => {
    for (const [id, names] of known) {
      const [source, sourceLayer] = LABELS[id];
      const before = names.size;
      for (const {properties} of map.querySourceFeatures(source, {sourceLayer})) {
        const written = script(properties.name ?? '');
        if (written !== (properties.name ?? '')) names.set(properties.name, written);
      }
      if (names.size > before) tell(id, names);
    }
  });
}

/**
 * The expression with `['get', 'name']` replaced by a table of what the names become.
 * @param {any} field
 * @param {Map<string, string>} names
 * @returns {any}
 */
export function translated(field, names) {
  if (!Array.isArray(field)) return field;
  if (field[0] === 'get' && field[1] === 'name' && field.length === 2)
    return ['match', field, ...[...names].flat(), field];
  return field.map(part => translated(part, names));
}
