#!/usr/bin/env node
// Runs the core of the packages on every version of Node that they support: the built tokenizer, kernels, model reader and
// embedding function, on recorded texts and vectors. Takes the binaries from npm; where there are none for this platform,
// only the version that runs this is checked. Needs a build.
//   node scripts/check-node-versions.mjs [MAJOR...]
// Prints 'N passed, N failed'.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { environment, root } from './project-install.mjs';
import { runProgram } from './publishing/program.mjs';
import { finish } from './suite.mjs';

const MAJORS = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24', '26'];
/** Longest time for one version, in milliseconds: it takes some 15 s on an idle machine. */
const TIMEOUT = 300_000;
const checks = join(root, 'scripts/node-versions/core.mjs');

/** The npm package of a Node binary, or `undefined` if there is none for this platform. */
function binaryPackage() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined;
  return `node-linux-${process.arch}`;
}

/** Installs a version once, and returns its program. */
async function nodeOf(major) {
  const name = binaryPackage();
  const folder = join(root, '.cache/node-versions', major);
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${major}`];
  const { ok, output } = await runProgram('npm', args, { cwd: folder, env: environment });
  if (!ok) throw new Error(`${name}@${major} could not be installed:\n${output}`);
  return program;
}

const results = [];
if (binaryPackage() === undefined) {
  console.log(
    `skipped: Node ${MAJORS.join(', ')} (npm has no binary for ${process.platform}-${process.arch})`,
  );
}
for (const major of binaryPackage() === undefined ? [undefined] : MAJORS) {
  const begun = performance.now();
  let output;
  let ok = false;
  try {
    const program = major === undefined ? process.execPath : await nodeOf(major);
    ({ ok, output } = await runProgram(program, [checks], { cwd: root, env: environment, timeout: TIMEOUT }));
  } catch (error) {
    output = String(error);
  }
  const [, passed = 0, failed = 0] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  const broken = !ok && Number(failed) === 0 ? 1 : Number(failed);
  const [version = `Node ${major}`] = /^Node v\S+/m.exec(output) ?? [];
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    `${broken ? 'FAIL' : 'ok  '} ${version.padEnd(16)} ${seconds} s  ${passed} passed, ${broken} failed`,
  );
  if (broken) console.log(output.trimEnd().replace(/^/gm, '     | '));
  results.push({ passed: Number(passed), failed: broken });
}
finish(results);
