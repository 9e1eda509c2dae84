#!/usr/bin/env node
// Everything that can be checked from a fresh clone with only Node and Python: installs, lints, builds, checks types,
// runs every package's tests, and compiles the examples in the documents. Ends with 'N passed, N failed'.
import { join } from 'node:path';
import { root } from './project-install.mjs';
import { finish, lastCounts, suite } from './suite.mjs';

const tool = (file, ...args) => [process.execPath, join(root, 'node_modules', file), ...args];
const turbo = (task, ...more) =>
  tool(
    'turbo/bin/turbo',
    'run',
    task,
    '--continue',
    '--output-logs=full',
    '--log-order=grouped',
    '--no-color',
    ...more,
  );

/** Sums the line `Tests  1 failed | 11 passed (12)` of each package; a package that printed none has failed. */
function vitestCounts(output) {
  let passed = 0;
  let failed = 0;
  const ran = new Set();
  const counted = new Set();
  for (const line of output.split('\n')) {
    const of = /^(@?[^\s:]+):test: (.*)$/.exec(line);
    if (!of) continue;
    ran.add(of[1]);
    const counts = /^\s*Tests\s+(.*)$/.exec(of[2]);
    if (!counts) continue;
    counted.add(of[1]);
    for (const [, number, outcome] of counts[1].matchAll(/(\d+) (passed|failed|skipped|todo)/g)) {
      // A skipped test proves nothing, and there are to be none.
      if (outcome === 'passed') passed += Number(number);
      else failed += Number(number);
    }
  }
  for (const name of ran) if (!counted.has(name)) failed++;
  return { passed, failed };
}

// In a process of its own, since a failed installation ends its process.
const install = `import { installProject, requireNode } from ${JSON.stringify(new URL('project-install.mjs', import.meta.url))};
requireNode();
await installProject();`;

const results = [];
results.push(await suite('install', [process.execPath, '--input-type=module', '--eval', install]));
if (results[0].failed === 0) {
  results.push(await suite('lint', tool('@biomejs/biome/bin/biome', 'check', '.', '--error-on-warnings')));
  results.push(await suite('build', turbo('build')));
  results.push(await suite('types', turbo('typecheck')));
  // One package at a time: each uses every core, and some of its tests measure time.
  results.push(await suite('tests', turbo('test', '--concurrency=1'), { count: vitestCounts }));
  results.push(
    await suite('examples', [process.execPath, join(root, 'scripts/check-examples.mjs')], {
      count: lastCounts,
    }),
  );
}
finish(results);
