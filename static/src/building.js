// @ts-check
/** The stacking plan made handier: keys, colours, finding, blocks. The page works without any of it. */

import {blocks} from './building/blocks.js';
import {colours} from './building/colours.js';
import {finding, sameFloorOnMap} from './building/finding.js';
import {walkable} from './building/keys.js';

for (const table of document.querySelectorAll('table.stacking')) walkable(/** @type {HTMLTableElement} */ (table));
for (const plan of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.plan'))) {
  for (const handy of [colours, finding, sameFloorOnMap, blocks]) handy(plan);
}
