#!/usr/bin/env node
// Lints every Python program of the repository with ruff: node scripts/check-python.mjs
// Installs ruff from PyPI into .cache/ on its first run. Prints "N passed, N failed", counting files.
import { execFileSync, spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePythonEnvironment } from './python-environment.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.py'];
const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trim().split('\n');
const python = preparePythonEnvironment({
  directory: fileURLToPath(new URL('../.cache/ruff-venv', import.meta.url)),
  requirements: fileURLToPath(new URL('check-python.txt', import.meta.url)),
});
const { status, stdout, stderr } = spawnSync(
  python,
  ['-m', 'ruff', 'check', '--no-cache', '--output-format', 'json', ...files],
  { cwd: root, encoding: 'utf8' },
);
// 1 means findings; anything else is ruff's own failure.
if (status !== 0 && status !== 1) {
  process.stderr.write(stderr);
  process.exit(2);
}
process.stderr.write(stderr);
const findings = JSON.parse(stdout);
for (const { filename, location, code, message } of findings) {
  console.log(`${relative(root, filename)}:${location.row}:${location.column}: ${code} ${message}`);
}
const failed = new Set(findings.map(({ filename }) => filename)).size;
console.log(`${files.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
