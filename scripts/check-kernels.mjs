#!/usr/bin/env node
// Compares the embeddings of every kernel that runs in Node, and of several threads, with the reference's recorded output.
// It runs the recorded-parity check with a wrapper of m2v that adds a flag to each call.
//   node scripts/check-kernels.mjs [KERNEL or number of threads]      default all
// Ends with 'N passed, N failed'.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastCounts } from './counts.mjs';
import { root } from './project-install.mjs';
import { finish, suite } from './suite.mjs';

const parity = join(root, '../shared/checks/parity.mjs');
const m2v = join(root, 'apps/cli/dist/m2v.js');

const kernels = JSON.parse(execFileSync(process.execPath, [m2v, 'info', '--kernels', '--json']));
const ways = [
  ...kernels.map(({ name }) => ['--kernel', name]),
  ['--threads', '2'],
  ['--threads', '3', '--batch-size', '100'],
].filter((flags) => process.argv.length < 3 || flags.includes(process.argv[2]));
const results = [];
for (const flags of ways) {
  const folder = mkdtempSync(join(tmpdir(), 'm2v-kernels-'));
  mkdirSync(join(folder, 'apps/cli'), { recursive: true });
  writeFileSync(join(folder, 'apps/cli/package.json'), '{"type":"module","bin":{"m2v":"./m2v.js"}}');
  writeFileSync(
    join(folder, 'apps/cli/m2v.js'),
    `process.argv.push(...${JSON.stringify(flags)});\nawait import(${JSON.stringify(pathToFileURL(m2v).href)});\n`,
  );
  const command = [process.execPath, parity, '--root', folder, '--only', 'embeddings'];
  results.push(await suite(flags.join(' '), command, { count: lastCounts }));
  rmSync(folder, { recursive: true });
}
finish(results);
