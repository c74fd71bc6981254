// @ts-check
/** Folds what a reader types as `geo/text.py` folds names, so that the two meet. */

/** Folded words of a query; a name is found when its search keys contain every one.
 * @param {string} query @param {string} [pairs] traditional and simplified characters in turn, "廈厦樓楼"
 */
export function foldTerms(query, pairs = '') {
  const simplified = new Map();
  const characters = [...pairs];
  for (let i = 0; i + 1 < characters.length; i += 2) simplified.set(characters[i], characters[i + 1]);
  return query
    .split(/\s+/u)
    .map(word => fold(word, simplified))
    .filter(Boolean);
}

/** @param {string} word @param {Map<string, string>} simplified */
function fold(word, simplified) {
  const plain = word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mn}/gu, '')
    .normalize('NFKC');
  return [...plain]
    .map(character => simplified.get(character) ?? character)
    .filter(character => /[\p{L}\p{N}]/u.test(character))
    .join('');
}
