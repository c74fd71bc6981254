/** Shapes that more than one module of the map page speaks of. */

import type {MultiPolygon, Polygon, Position} from 'geojson';
import type {Colouring} from './colours.js';
import type {Masks} from './filters.js';
import type {Found, Relaxation} from './found.js';
import type {Texts} from './i18n.js';
import type {Store} from './store.js';
import type {Walks} from './walks.js';

/** A word of a vocabulary: the code in data and addresses, the name on the page. */
export interface Word { code: string; name: string; colour?: string }

/** A category of amenities with the name of its drawing. */
export interface AmenityWord extends Word { icon: string; colour: string }

/** A named area of the city, or an industry cluster. */
export interface Place { code: string; name: string; level?: string }

/** A source to be named while what it gave is on screen; without layers or bounds it is always named. */
export interface Attribution { text: string; url?: string | null; layers?: string[]; bounds?: Box | null }

export type Box = [west: number, south: number, east: number, north: number];

export interface Camera { center: [lng: number, lat: number]; zoom: number; bearing: number; pitch: number }

/** What the server writes into the page (`templates/map/map.html`). */
export interface Boot {
  locale: 'zh-Hans' | 'en' | 'zh-Hant';
  prefix: string;
  title: string;
  /** ISO date in the time of the city. */
  today: string;
  adapter?: 'live' | 'static';
  /** Whether the browser takes the state of the whole city, or windows of a city too large for that. */
  mode?: 'whole' | 'window' | 'parts';
  /** Of a copy of a large city: part ("x-y") → file of the state of what stands there. */
  parts?: Record<string, string>;
  /** Whether the page stands in a frame of another site. */
  framed?: boolean;
  versions: Record<string, number>;
  /** Under which version of the state the past was made that the address asks for. */
  past?: number | null;
  /** Of a copy: buildings with so many units have pages of their own; layer → part of the city → file of tiles. */
  paged_from?: number;
  /** Of a copy: over how many sheets buildings are spread. */
  sheets?: number;
  archives?: Record<string, Record<string, string>>;
  bounds: Box | null;
  start: Camera;
  worker: string;
  words: {
    grade: Word[]; star: Word[]; theme: Word[]; industry: Word[]; fitout: Word[]; occupancy: Word[]; status: Word[];
    amenity: AmenityWord[]; rent_units: Word[];
  };
  areas: Place[];
  clusters: Place[];
  attribution: Attribution[];
  text: Record<string, string>;
  urls: { tiles: string; state: string; api: string; building: string; market?: string; map?: string; about?: string; listed?: string; names?: string };
  /** Pairs of a traditional and a simplified character among the names here, for folding what a reader types. */
  fold?: string;
}

/** What a search asks; the keys of the API and of `geo/filters.py`. Areas in m², rents in `rent_unit`. */
export interface Filters {
  q: string;
  area_min: number | null; area_max: number | null;
  rent_min: number | null; rent_max: number | null; rent_unit: string;
  grade: string[]; star: string[]; theme: string[]; industry: string[];
  floor_min: number | null; floor_max: number | null;
  fitout: string[]; available_by: string; occupancy: string[]; status: string[];
  within: string[]; bbox: Box | null; shape: string;
  near: string[]; near_m: number; cluster: string[];
  /** The code of a building, or longitude,latitude: what lies within so many minutes of it on foot. */
  walk_from: string; walk_min: string;
  /** '1' finds also units of the market whose last word is old. */
  stale: string;
}

/** All that the address of the map page says. */
export interface State extends Filters {
  at: { lat: number; lng: number; zoom: number };
  pitch: number; bearing: number; view: '3d' | '2d';
  by: string; only: string[]; layers: string[]; sort: string;
  b: string; floor: number | null;
  /** A day of the past, '' for today; and whether today's map stands beside it. */
  date: string; known_at: string; beside: 'off' | 'on';
  /** Whether list and counts follow the map (cities that the browser holds whole). */
  moving: 'off' | 'on';
  /** The token of the short link that led here; empty without one. */
  s: string;
}

/** A column of texts, read one at a time or all joined, with the end of each row. */
export interface TextColumn { readonly n: number; at(i: number): string; joined(): { text: string; ends: Uint32Array } }
/** A column of lists of indices: all values, with the end of each row. */
export interface ListColumn { values: Uint32Array; ends: Uint32Array; at(i: number): Uint32Array }

export interface Buildings {
  n: number;
  id: Uint32Array; code: TextColumn; name: TextColumn; name_en: TextColumn; search: TextColumn;
  lon: Int32Array; lat: Int32Array; height: Float32Array; floors: Int16Array;
  grade: Uint8Array; star: Uint8Array; status: Uint8Array; themes: Uint32Array; industries: Uint32Array; leading: Uint8Array;
  leasable: Float32Array; vacant: Float32Array; soon: Float32Array; unknown: Float32Array;
  units: Uint16Array; reported: Int32Array; year: Int16Array; managed: Uint8Array;
  areas: ListColumn; clusters: ListColumn;
  near: Record<string, Uint16Array>;
}

export interface Units {
  n: number;
  b: Uint32Array; floor: Int16Array; area: Float32Array; occupancy: Uint8Array; rent: Float32Array;
  fitout: Uint8Array; available: Int32Array; min_area: Float32Array; reported: Int32Array;
  /** 1 for those of the market whose last word is old; a state of an earlier version does not say. */
  stale?: Uint8Array;
}

export interface Sums { buildings: number; units: number; area_m2: number; stale: number }

/** What the head of a window says of the part of the city that it was cut from. */
export interface Told {
  /** Whether every building of the box is in the table, or only the first of those that match. */
  complete: boolean;
  bbox: Box;
  totals: { box: Sums; city: Sums };
  facets: Record<string, Record<string, number>>;
  spreads: Record<'area' | 'rent', { edges: number[]; counts: number[] }>;
  classes: { by: string; counts: Record<string, number> };
  relaxations: Relaxation[];
}

/** The present state of the city, or of a window of it, as columns: one row per listed building and per unit. */
export interface Table {
  version: number; asOf: string;
  /** After so many days without a word a unit of the market is stale; 0 is never. */
  staleDays: number;
  words: Record<string, string[]>;
  /** null where the table is the whole city. */
  told: Told | null;
  /** Whether nothing is followed floor by floor, so that buildings are what is searched. */
  bare: boolean;
  buildings: Buildings; units: Units;
  /** Row of the first unit of each building; one longer than the buildings. */
  first: Uint32Array;
  /** Row of the building with a code, -1 when it is not on the list. */
  row(code: string): number;
}

export interface Rent { amount: number | string; unit: string; cny_m2_day: number | null }

export interface UnitDetail {
  code: string; label: string; area_m2: number; occupancy: string; rent: Rent | null; fitout: string | null;
  available_on: string | null; reported_on: string | null; verified_on: string | null; min_area_m2: number | null;
  stale?: boolean;
}

export interface FloorDetail {
  position: number; label: string; area_m2: number | null; use: string; section: string | null;
  base_m: number; top_m: number; outline: Position[][] | Position[][][] | null; units: UnitDetail[];
}

/** One building as `GET /api/v1/buildings/<code>` answers; only what the card shows is named. */
export interface BuildingDetail {
  code: string; name: string | null; name_en: string | null; address?: string | null; address_en?: string | null;
  grade: string | null; star: number | null; status: string; themes?: string[]; managed: boolean;
  height_m: number | null; floors_above: number | null; floors_below?: number | null; completed_year: number | null;
  leasable_area_m2: number | null; typical_floor_area_m2?: number | null; outline: Polygon | MultiPolygon;
  floors: FloorDetail[];
}

/** Where the pages of buildings and units are. */
export interface Addresses {
  building(code: string): string;
  /** Of a unit, with the code of the building that it is in. */
  unit(code: string, building: string): string;
  /** Told of the state at hand, which says how many units a building has. */
  learn(table: Table): void;
}

/** Where the page gets its data; one adapter for a live server, one for a folder of files. */
export interface Data {
  addresses: Addresses;
  /** Whether days of the past can be asked for. */
  days: boolean;
  /** Where units are put on a list; a static publication has none. */
  picks: string | null;
  versions(): Promise<Record<string, number>>;
  /** The state of a day as it was known at an instant; of today and now where these are empty. */
  state(version: number, date: string, knownAt: string): Promise<ArrayBuffer>;
  /** A part of the state (`window-query.js`); a static publication has none. */
  window(version: number, query: string, signal: AbortSignal): Promise<ArrayBuffer>;
  /** A building with its units of today, or of the moment that `momentQuery` (past.js) names. */
  building(code: string, moment?: string): Promise<BuildingDetail>;
  /** The land within some minutes on foot; a static publication cannot say. */
  walk: ((from: string, minutes: string) => Promise<MultiPolygon>) | null;
  /** What the search box finds; a static publication cannot say. */
  suggest: ((query: string, signal: AbortSignal) => Promise<{ items: Suggestion[] }>) | null;
  tiles(layer: string, version: number, query?: string): string;
  /** What the map library has to learn before it can ask for tiles. */
  /** The state of one part of a large city, of a copy alone. */
  part?(key: string): Promise<ArrayBuffer>;
  prepare?(maplibre: Pick<typeof import('maplibre-gl'), 'addProtocol'>): Promise<void>;
}

/** Something with a name that answers what is typed, as `GET /api/v1/suggest` says it. */
export interface Suggestion {
  kind: 'building' | 'unit' | 'area' | 'metro' | 'address' | 'amenity' | 'enterprise';
  code: string; name: string | null; name_en: string | null; where: string | null; where_en: string | null;
  word: string | null; building: { code: string; name: string | null; name_en: string | null } | null;
  location: [number, number] | null; bbox: Box | null; units_to_let: number | null;
}

/** What every part of the page is handed. */
export interface Page { boot: Boot; texts: Texts; store: Store; data: Data; walks: Walks; address(code: string): string; unitAddress(code: string, building: string): string }

/** The numbers beside filters and classes, worked out when they are asked for. */
export interface Counts {
  values(name: string): Map<string, number>;
  near(metres: number): Map<string, number>;
  spread(name: 'area' | 'rent', edges: number[]): number[];
  /** Buildings of each class of the legend; null while they are not known. */
  classes(): number[] | null;
  /** The fewest filters to leave out for something to match; those in `fixed` stay. */
  relaxations(fixed: string[]): Relaxation[];
}

/** Everything that follows from the data and the state. */
export interface Answer {
  table: Table; masks: Masks; found: Found; state: State; colouring: Colouring; counts: Counts;
  /** Whether only what is in view was looked through. */
  inView: boolean;
}

/** Finds answers to the state of the page and tells them to those who listen. */
export interface Finder {
  load(): Promise<void>;
  /** Go over to a new version of the state. */
  renew(version: number): Promise<void>;
}

/** Whom a finder speaks to. */
export interface Ears {
  tell(answer: Answer): void;
  fail(reason: string): void;
  /** What is asked for is being prepared, so much of it is done, and it will be asked for again. */
  delay(part: number): void;
  /** Something is being asked for that the last answer does not hold. */
  wait(): void;
  /** Kept when it is known what is in view, and the map has asked for its tiles. */
  placed(): Promise<void>;
  view(): Box;
}
