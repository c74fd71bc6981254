// Bundle static/src into static/dist with hashed names, compressed twins and the manifest that the server reads.
//
// Every script and stylesheet directly in static/src is an entry of its own. MapLibre comes in by a dynamic import, which
// keeps it a chunk of its own, so that an edit of ours does not re-hash a megabyte; its worker is an entry as well,
// because a worker with an address of its own is what a strict Content-Security-Policy allows.
import {build, context} from 'esbuild';
import {cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, extname} from 'node:path';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';

const SOURCE = 'static/src';
const PLACE = 'static/dist';
const WATCH = process.argv.includes('--watch');
// A build takes the place of the one before only when it is whole, so that a running server never misses a file.
const OUT = WATCH ? PLACE : `${PLACE}-${process.pid}`;
const MAPLIBRE = 'node_modules/maplibre-gl/dist';
const ICONS = 'node_modules/lucide-static/icons';

/** Icons of the page's own buttons; those of the amenity categories are read from their table. */
const PAGE_ICONS = [
  'briefcase',
  'building-2',
  'chevron-down',
  'compass',
  'door-open',
  'footprints',
  'layers',
  'link',
  'locate',
  'map-pin',
  'minus',
  'plus',
  'scan',
  'search',
  'x',
];

const entries = () => [
  ...readdirSync(SOURCE)
    .filter(name => /\.(js|css)$/.test(name) && !name.endsWith('.d.ts'))
    .map(name => `${SOURCE}/${name}`),
  `${MAPLIBRE}/maplibre-gl.css`,
  `${MAPLIBRE}/maplibre-gl-worker.mjs`,
];

/** The names in the column `icon` of the amenity categories (a plain CSV file without quoted commas before that column). */
function amenityIcons() {
  const [head, ...rows] = readFileSync('data/taxonomies/amenities.csv', 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const column = head.split(',').indexOf('icon');
  return rows.map(row => row.split(',')[column]).filter(Boolean);
}

/** The strokes of one lucide icon, without the svg element around them. */
const strokes = name =>
  readFileSync(`${ICONS}/${name}.svg`, 'utf8')
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();

const icons = {
  name: 'icons',
  setup(bundle) {
    bundle.onResolve({filter: /^icons$/}, () => ({path: 'icons', namespace: 'icons'}));
    bundle.onLoad({filter: /.*/, namespace: 'icons'}, () => ({
      contents: JSON.stringify(
        Object.fromEntries([...new Set([...PAGE_ICONS, ...amenityIcons()])].map(name => [name, strokes(name)])),
      ),
      loader: 'json',
    }));
  },
};

const manifest = {
  name: 'manifest',
  setup(bundle) {
    bundle.onEnd(result => {
      if (!result.metafile) return;
      const files = Object.entries(result.metafile.outputs);
      if (!WATCH)
        files
          .map(([file]) => file)
          .filter(file => /\.(js|css)$/.test(file))
          .forEach(compress);
      const rows = files
        .filter(([, info]) => info.entryPoint)
        .map(([file, info]) => [basename(info.entryPoint), describe(file, info)]);
      writeFileSync(`${OUT}/manifest.json`, JSON.stringify(Object.fromEntries(rows), null, 1) + '\n');
    });
  },
};

const describe = (file, info) => ({
  file: served(file),
  imports: imported(info, 'import-statement'),
  lazy: imported(info, 'dynamic-import'),
});
const imported = (info, kind) => info.imports.filter(one => one.kind === kind).map(one => served(one.path));
const served = path => path.replace(OUT, 'dist');

function compress(file) {
  const raw = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(raw, {level: 9}));
  writeFileSync(`${file}.br`, brotliCompressSync(raw, {params: {[constants.BROTLI_PARAM_SIZE_HINT]: raw.length}}));
}

const options = {
  entryPoints: entries().map(path => ({in: path, out: basename(path, extname(path))})),
  entryNames: WATCH ? '[name]' : '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: !WATCH,
  sourcemap: WATCH,
  legalComments: 'none',
  metafile: true,
  plugins: [icons, manifest],
  logLevel: 'info',
};

rmSync(OUT, {recursive: true, force: true});

// Files that must open offline (exports) carry Leaflet inside; the server reads it from here.
for (const name of ['leaflet.js', 'leaflet.css']) cpSync(`node_modules/leaflet/dist/${name}`, `${OUT}/leaflet/${name}`);

/** What a carried map has inside: one classic script and one sheet, since modules do not load from a disk. */
const carried = {
  entryPoints: [
    {in: `${SOURCE}/offline/page.js`, out: 'offline'},
    {in: `${SOURCE}/offline/style.css`, out: 'offline'},
  ],
  outdir: `${OUT}/offline`,
  bundle: true,
  format: 'iife',
  target: 'es2020',
  charset: 'utf8',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

if (WATCH) {
  await build(carried);
  await (await context(options)).watch();
}
else
  try {
    await build(options);
    await build(carried);
    const old = `${OUT}-old`;
    if (existsSync(PLACE)) renameSync(PLACE, old);
    renameSync(OUT, PLACE);
    rmSync(old, {recursive: true, force: true});
  } finally {
    rmSync(OUT, {recursive: true, force: true});
  }
