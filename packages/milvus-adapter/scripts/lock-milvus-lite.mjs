#!/usr/bin/env node
// Writes src/lite/programs/lite_requirements.txt: exact versions of Milvus Lite's packages for Python 3.10 and newer, with
// the SHA-256 of every file of theirs. Run after a change of the versions in src/lite/python.ts. Installs uv from PyPI.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { preparePythonEnvironment } from '../../../scripts/python-environment.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const source = readFileSync(path('../src/lite/python.ts'), 'utf8');
const version = (name) => new RegExp(`${name}_VERSION = '([^']+)'`).exec(source)[1];
const python = preparePythonEnvironment({
  directory: path('../../../.cache/uv-venv'),
  requirements: path('lock-milvus-lite.txt'),
});
execFileSync(
  python,
  [
    ...['-m', 'uv', 'pip', 'compile', '--universal', '--generate-hashes', '--no-annotate', '--no-header'],
    ...[
      '--quiet',
      '--python-version',
      '3.10',
      '--output-file',
      path('../src/lite/programs/lite_requirements.txt'),
      '-',
    ],
  ],
  {
    input: `milvus-lite==${version('MILVUS_LITE')}\npymilvus==${version('PYMILVUS')}\n`,
    stdio: ['pipe', 'inherit', 'inherit'],
  },
);
