#!/usr/bin/env node
// Follows docs/guides/get-started.md in an empty folder: packs the packages, installs the tarballs, runs the guide's program
// and compares what it prints with the guide, then searches with the installed command line. Prints "N passed, N failed".
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './project-install.mjs';
import { runProgram } from './publishing/program.mjs';
import { finish } from './suite.mjs';

const guide = readFileSync(join(root, 'docs/guides/get-started.md'), 'utf8');
const [, program] = /```ts run\n([\s\S]*?)```/.exec(guide);
const [, expected] = /```text\n([\s\S]*?)```/.exec(guide);
const folder = mkdtempSync(join(tmpdir(), 'get-started-'));
const results = [];

async function check(name, command, args, accepts = () => true) {
  const { ok, stdout, output } = await runProgram(command, args, { cwd: folder });
  const holds = ok && accepts(stdout);
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
  if (!holds) console.log(output.trimEnd().replace(/^/gm, '     | '));
  results.push({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 });
  return holds;
}

if (await check('npm run pack', 'npm', ['--prefix', root, 'run', 'pack'])) {
  const tarballs = readdirSync(join(root, 'tarballs')).map((file) => join(root, 'tarballs', file));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'search.mjs'), program);
  writeFileSync(join(folder, 'notes.md'), '# Notes\n\nThe key of the bicycle shed hangs behind the door.\n');
  await check('npm install tarballs/*.tgz', 'npm', ['install', '--prefer-offline', ...tarballs]);
  await check('node search.mjs', process.execPath, ['search.mjs'], (stdout) => stdout === expected);
  await check('m2v find', 'npx', ['m2v', 'find', 'how do I open the bike store?', 'notes.md'], (stdout) =>
    stdout.includes('behind the door'),
  );
}
rmSync(folder, { recursive: true, force: true });
finish(results);
