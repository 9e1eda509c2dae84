import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../.github/workflows/', import.meta.url);

test('every action of another repository is pinned by a commit that names its version', () => {
  const uses = readdirSync(folder).flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(
      ([, action]) => action,
    ),
  );
  assert.ok(uses.length > 0);
  for (const action of uses) assert.match(action, /^\.\/|^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
