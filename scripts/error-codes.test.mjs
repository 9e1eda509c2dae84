import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorFamilies, guideWithTables } from './error-codes.mjs';

test('every error code has its meaning in the code', () => {
  const families = errorFamilies();
  assert.ok(families.length > 6, families.map(({ error }) => error).join());
  const unexplained = families.flatMap(({ error, codes }) =>
    codes.filter(({ meaning }) => meaning === undefined).map(({ code }) => `${error} ${code}`),
  );
  assert.deepEqual(unexplained, []);
});

test('the guide lists the error codes of the code (node scripts/error-codes.mjs --update)', () => {
  const guide = readFileSync(new URL('../docs/guides/troubleshooting.md', import.meta.url), 'utf8');
  assert.equal(guideWithTables(guide), guide);
});
