import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeProblems } from './size-table.mjs';

const weighing = (name, packedBytes, unpackedBytes) => ({ name, files: [], packedBytes, unpackedBytes });

test('a package below its ceiling passes, and the excess of one above it is reported', () => {
  const name = '@model2vec-ts/embedding-function';
  assert.deepEqual(sizeProblems([weighing(name, 1, 1)], { update: false }), [[]]);
  const [[unpacked, gzip]] = sizeProblems([weighing(name, 1e9, 2e9)], { update: false });
  assert.match(unpacked, /weighs 2000000000 bytes unpacked, and may weigh \d+$/);
  assert.match(gzip, /weighs 1000000000 bytes gzip, and may weigh \d+$/);
});

test('a package without a ceiling is reported', () => {
  assert.match(sizeProblems([weighing('new', 1, 1)], { update: false }).join(), /^new has no ceiling/);
});
