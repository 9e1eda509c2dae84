#!/usr/bin/env node
// Checks everything that a fresh clone can check with only Node and Python: installs, lints, builds, checks types and
// structure, runs every package's tests, and compiles the documented examples. Ends with 'N passed, N failed'.
import { join } from 'node:path';
import { lastCounts, tapCounts, vitestCounts } from './counts.mjs';
import { root } from './project-install.mjs';
import { finish, suite } from './suite.mjs';

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

// Runs in a child process, because a failed installation exits.
const install = `import { installProject, requireNode } from ${JSON.stringify(new URL('project-install.mjs', import.meta.url))};
requireNode();
await installProject();`;

const results = [];
results.push(await suite('install', [process.execPath, '--input-type=module', '--eval', install]));
if (results[0].failed === 0) {
  results.push(await suite('lint', tool('@biomejs/biome/bin/biome', 'check', '.', '--error-on-warnings')));
  results.push(await suite('build', turbo('build')));
  results.push(await suite('types', turbo('typecheck')));
  results.push(
    await suite('structure', [process.execPath, join(root, 'scripts/check-structure.mjs')], {
      count: lastCounts,
    }),
  );
  results.push(
    await suite('licences', [process.execPath, join(root, 'scripts/check-licenses.mjs')], {
      count: lastCounts,
    }),
  );
  results.push(
    await suite('python lint', [process.execPath, join(root, 'scripts/check-python.mjs')], {
      count: lastCounts,
    }),
  );
  // Tests one package at a time, because each uses every core and some tests measure time.
  results.push(await suite('tests', turbo('test', '--concurrency=1'), { count: vitestCounts }));
  const scripts = [
    process.execPath,
    '--test',
    '--test-reporter=tap',
    'scripts/counts.test.mjs',
    'scripts/error-codes.test.mjs',
    'scripts/workflows.test.mjs',
    'scripts/check-structure.test.mjs',
    'scripts/examples/code-blocks.test.mjs',
    ...['api-report', 'browser-entries', 'consumer', 'packed-files', 'size-table'].map(
      (name) => `scripts/publishing/${name}.test.mjs`,
    ),
  ];
  results.push(await suite('scripts', scripts, { count: tapCounts }));
  results.push(
    await suite('examples', [process.execPath, join(root, 'scripts/check-examples.mjs')], {
      count: lastCounts,
    }),
  );
}
finish(results);
