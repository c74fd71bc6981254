// @ts-check
/** Colours, fonts and breakpoints of the map, in one place; the layers are plain data made from them. */

const FAMILIES = ['PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'sans-serif'];
const FAMILIES_HANT = ['PingFang TC', 'Noto Sans CJK TC', 'Noto Sans TC', 'Microsoft JhengHei', 'sans-serif'];

/** MapLibre reads the weight out of the first family's name; the family itself does not exist. */
const STRONG = 'loumap semibold';

/** @param {string} locale */
export const fonts = locale => {
  const families = locale === 'zh-Hant' ? FAMILIES_HANT : FAMILIES;
  return {plain: families, strong: [STRONG, ...families]};
};

export const COLOURS = {
  ground: '#eef0ec',
  water: '#c3dbe9',
  waterEdge: '#abcbdd',
  waterText: '#41708c',
  green: '#d5e5cb',
  greenEdge: '#c3d8b6',
  plaza: '#e7e4dc',
  road: '#ffffff',
  casing: '#dcdfd9',
  major: '#fff6df',
  majorCasing: '#ecd9ab',
  foot: '#f8f8f5',
  roadText: '#5f6b78',
  rail: '#b9bfc4',
  transit: '#7a8794',
  area: '#6c7f95',
  cluster: '#5b4a8a',
  context: '#e9ebe6',
  contextFlat: '#dfe2dc',
  contextEdge: '#cfd4cc',
  shade: '#5d6c66',
  ink: '#17202b',
  muted: '#566273',
  halo: 'rgba(255,255,255,.94)',
  accent: '#14508f',
  core: '#4a5968',
};

/** Zooms at which things appear. */
export const ZOOM = {outlines: 13, names: 14.2, roadNames: 14.3, amenities: 14, amenityNames: 16, stations: 12.5};
