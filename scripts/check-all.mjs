#!/usr/bin/env node
// Runs what continuous integration runs: the tests, then the comparisons with recorded output, with Python's libraries
// and with a fresh clone. Every suite runs even if another fails; a suite that counts no test has failed.
//   node scripts/check-all.mjs [--require-reference]
// Some suites need the recorded reference data in ../shared, which is not part of the repository. Without it they are
// skipped and named; --require-reference makes its absence a failure.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastCounts } from './counts.mjs';
import { root } from './project-install.mjs';
import { finish, suite } from './suite.mjs';

const shared = join(root, '../shared');
const requireReference = process.argv.includes('--require-reference');
const counted = { count: lastCounts };
const script = (name, ...args) => [process.execPath, join(root, 'scripts', name), ...args];

const results = [await suite('npm test', script('test.mjs'), counted)];
for (const [name, command] of [
  ['recorded parity', [process.execPath, join(shared, 'checks/parity.mjs'), '--root', root]],
  ['kernels', script('check-kernels.mjs')],
  ['model2vec-rs fixtures', script('check-rs-fixtures.mjs')],
]) {
  if (existsSync(shared)) {
    results.push(await suite(name, command, counted));
  } else if (requireReference) {
    console.log(`FAIL ${name}: ${shared} is missing`);
    results.push({ passed: 0, failed: 1 });
  } else {
    console.log(`SKIPPED ${name}: needs the recorded reference data in ${shared}`);
  }
}
results.push(await suite('oracle', script('test-oracle.mjs', '--seconds', '180'), counted));
results.push(await suite('custom kernel', script('check-custom-kernel.mjs'), counted));
results.push(await suite('openapi', script('check-openapi.mjs'), counted));
results.push(await suite('Node versions', script('check-node-versions.mjs'), counted));
results.push(await suite('publishing', script('check-publishing.mjs'), counted));
results.push(await suite('get started', script('check-get-started.mjs'), counted));
results.push(await suite('fresh clone', script('check-fresh-clone.mjs'), counted));
finish(results);
