#!/usr/bin/env node
// What continuous integration runs: the tests, then the comparisons with recorded output, with Python's libraries and
// with a fresh clone. Every suite runs, whatever the others say; a suite that counts nothing has failed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastCounts } from './counts.mjs';
import { root } from './project-install.mjs';
import { finish, suite } from './suite.mjs';

const shared = join(root, '../shared');
const counted = { count: lastCounts };
const script = (name, ...args) => [process.execPath, join(root, 'scripts', name), ...args];

const results = [await suite('npm test', script('test.mjs'), counted)];
// Only here: npm test passes without the reference data, continuous integration does not.
if (existsSync(shared)) {
  results.push(
    await suite(
      'recorded parity',
      [process.execPath, join(shared, 'checks/parity.mjs'), '--root', root],
      counted,
    ),
  );
  results.push(await suite('kernels', script('check-kernels.mjs'), counted));
  results.push(await suite('model2vec-rs fixtures', script('check-rs-fixtures.mjs'), counted));
} else {
  console.log(`FAIL ${shared} is missing: parity with recorded output cannot be checked`);
  results.push({ passed: 0, failed: 1 });
}
results.push(await suite('oracle', script('test-oracle.mjs', '--seconds', '180'), counted));
results.push(await suite('custom kernel', script('check-custom-kernel.mjs'), counted));
results.push(await suite('publishing', script('check-publishing.mjs'), counted));
results.push(await suite('fresh clone', script('check-fresh-clone.mjs'), counted));
finish(results);
