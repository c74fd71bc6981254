import assert from 'node:assert/strict';
import {test} from 'node:test';

import {added, chosenIn, queryOf} from '../../static/src/shortlist/compare.js';

test('every unit and building that is chosen adds a column, each once', () => {
  const first = chosenIn('?u=a,b&b=tower&only=differences');
  assert.deepEqual(first, [['u', 'a'], ['u', 'b'], ['b', 'tower']]);
  assert.equal(queryOf(added(first, chosenIn('?u=c'))), 'u=a,b,c&b=tower');
  assert.equal(queryOf(added(first, chosenIn('?u=a'))), 'u=b,a&b=tower');
});

test('a fifth column takes the place of the first', () => {
  assert.equal(queryOf(added(chosenIn('?u=a,b,c,d'), chosenIn('?b=e'))), 'u=b,c,d&b=e');
});
