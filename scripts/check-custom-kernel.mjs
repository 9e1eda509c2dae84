#!/usr/bin/env node
// Checks that a kernel can be written outside the workspace: packs the built packages, installs them into a copy of
// examples/custom-kernel, compiles it and runs its tests. Also compares the guide's code with the example. Needs a build.
// Prints "N passed, N failed".
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { environment, root } from './project-install.mjs';
import { finish } from './suite.mjs';

const example = join(root, 'examples/custom-kernel');
const guide = readFileSync(join(root, 'docs/guides/write-your-own-kernel.md'), 'utf8');
/** The project's packages that the example installs, with their dependencies. */
const PACKAGES = ['embedding-function', 'model-minilm-l6', 'pooling-kernels', 'static-model', 'tokenizer'];

const results = [];
function report(name, holds, output = '') {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
  if (!holds && output !== '') console.log(output.trimEnd().replace(/^/gm, '     | '));
  results.push({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 });
  return holds;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...environment, NO_COLOR: '1', CI: '1' },
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 1 << 26,
    timeout: 300_000,
  });
  return {
    ok: status === 0,
    output: stripVTControlCharacters(`${stdout ?? ''}${stderr ?? ''}${error ?? ''}`),
  };
}

// Code in a guide goes out of date unless something runs it.
const shown = [...guide.matchAll(/^```\w+(?: no-check)? file=(\S+)\n(.*?)^```$/gms)];
for (const [, file, code] of shown) {
  const path = join(example, file);
  report(`the guide shows ${file} as it is`, existsSync(path) && readFileSync(path, 'utf8') === code);
}
const sources = readdirSync(join(example, 'src')).map((file) => `src/${file}`);
const left = sources.filter((file) => !shown.some(([, name]) => name === file));
report(
  `the guide shows all of src${left.length > 0 ? `, but for ${left.join(', ')}` : ''}`,
  left.length === 0,
);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'custom-kernel-')));
const project = join(folder, 'project');
const tarballs = join(folder, 'tarballs');
mkdirSync(tarballs);
cpSync(example, project, {
  recursive: true,
  filter: (path) => !path.includes('node_modules') && !path.endsWith('dist'),
});

const files = {};
for (const name of PACKAGES) {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs');
  const before = new Set(readdirSync(tarballs));
  const packed = run(
    process.execPath,
    [pnpm, 'pack', '--pack-destination', tarballs],
    join(root, 'packages', name),
  );
  const tarball = readdirSync(tarballs).find((file) => !before.has(file));
  if (report(`${name} can be packed`, packed.ok && tarball !== undefined, packed.output)) {
    files[`@model2vec-ts/${name}`] = `file:../tarballs/${tarball}`;
  }
}

const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
for (const name of Object.keys(manifest.devDependencies))
  manifest.devDependencies[name] = files[name] ?? manifest.devDependencies[name];
// Overrides also apply to dependencies between the packages, so that none comes from a registry.
manifest.overrides = { ...files };
for (const name of Object.keys(manifest.overrides)) {
  if (manifest.devDependencies[name] !== undefined) manifest.overrides[name] = `$${name}`;
}
writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, undefined, 2));

const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
const installed = run('npm', ['install', ...flags], project);
if (report('it installs', installed.ok, installed.output)) {
  report('ONNX Runtime is not installed', !existsSync(join(project, 'node_modules/onnxruntime-node')));
  const built = run('npm', ['run', 'build'], project);
  report('it compiles', built.ok, built.output);
  const typed = run('npx', ['tsc', '--noEmit', '-p', 'tsconfig.tests.json'], project);
  report('its tests compile', typed.ok, typed.output);
  const tested = run('npm', ['test'], project);
  const [, failed = 0, passed = 0] = /Tests +(?:(\d+) failed \| )?(\d+) passed/.exec(tested.output) ?? [];
  report(`its ${passed} tests pass`, tested.ok && Number(passed) > 0, tested.output);
  results.push({ passed: Math.max(0, Number(passed) - 1), failed: Number(failed) });
}
rmSync(folder, { recursive: true, force: true });
finish(results);
