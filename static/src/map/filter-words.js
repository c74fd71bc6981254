// @ts-check
/** Says each filter in force in a few words, for its button in the panel and for the advice of an empty result. */

import {readShape} from './shapes.js';

/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./i18n.js').Texts} Texts */

/** Rule of `filters.js` → the keys of the state that make it up. @type {Record<string, (keyof State)[]>} */
export const KEYS_OF = {
  q: ['q'],
  area: ['area_min', 'area_max'],
  rent: ['rent_min', 'rent_max'],
  floor: ['floor_min', 'floor_max'],
  grade: ['grade'],
  star: ['star'],
  theme: ['theme'],
  industry: ['industry'],
  fitout: ['fitout'],
  occupancy: ['occupancy'],
  status: ['status'],
  available_by: ['available_by'],
  within: ['within'],
  bbox: ['bbox'],
  shape: ['shape'],
  near: ['near'],
  cluster: ['cluster'],
  walk_from: ['walk_from', 'walk_min'],
  stale: ['stale'],
  only: ['only'],
};

/**
 * The filter in words, '' when it is not in force or nobody set it.
 * @param {string} rule
 * @param {State} state
 * @param {Boot} boot
 * @param {Texts} texts
 * @returns {string}
 */
export function inWords(rule, state, boot, texts) {
  if (!KEYS_OF[rule]) return '';
  const {t} = texts;
  const names = naming(t('list_separator'));
  switch (rule) {
    case 'q':
      return state.q && `“${state.q}”`;
    case 'area':
      return span(state.area_min, state.area_max, texts.number, 'm²');
    case 'rent':
      return span(state.rent_min, state.rent_max, texts.decimal, t(`unit_${state.rent_unit}`));
    case 'floor':
      return span(state.floor_min, state.floor_max, texts.number, t('floor_unit'));
    case 'available_by':
      return state.available_by && t('by_date', {date: state.available_by});
    case 'bbox':
      return state.bbox ? t('in_view') : '';
    case 'shape':
      return shapeWords(state.shape, texts);
    case 'near':
      return state.near.length ? t('near_within', {what: names(state.near, boot.words.amenity), m: state.near_m}) : '';
    case 'walk_from':
      return state.walk_from && t('walk_within', {n: state.walk_min});
    case 'stale':
      return state.stale && t('stale_too');
    case 'within':
      return names(state.within, boot.areas);
    case 'cluster':
      return names(state.cluster, boot.clusters);
    case 'only':
      return state.only
        .map(code => (t(`class_${code}`) === `class_${code}` ? names([code], boot.words.industry) : t(`class_${code}`)))
        .join(texts.t('list_separator'));
    default:
      return names(
        /** @type {string[]} */ (state[/** @type {keyof State} */ (rule)]),
        boot.words[/** @type {'grade'} */ (rule)],
      );
  }
}

/** @param {string} text @param {Texts} texts */
function shapeWords(text, {t, number}) {
  const shape = text ? readShape(text) : null;
  if (!shape) return '';
  return shape.kind === 'circle' ? t('shape_circle', {m: number(shape.metres)}) : t('shape_polygon');
}

/** @param {string} separator @returns {(codes: string[], words: {code: string, name: string}[]) => string} */
const naming = separator => (codes, words) =>
  codes.map(code => words.find(word => word.code === code)?.name ?? code).join(separator);

/** @param {number | null} low @param {number | null} high @param {(n: number) => string} write @param {string} unit */
function span(low, high, write, unit) {
  if (low === null && high === null) return '';
  if (low === null) return `≤ ${write(/** @type {number} */ (high))} ${unit}`;
  return high === null ? `≥ ${write(low)} ${unit}` : `${write(low)}–${write(high)} ${unit}`;
}
