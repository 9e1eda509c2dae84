#!/usr/bin/env node
// Generates requests from the OpenAPI document of a running `m2v serve` with schemathesis: the server must not fail, and its
// statuses, content types and bodies must be those that the document gives. Takes about a minute.
//   node scripts/check-openapi.mjs [--examples 40] [--seed 1]
// Prints 'N passed, N failed', counting operations.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from './m2v-server.mjs';
import { root, runTurbo } from './project-install.mjs';
import { preparePythonEnvironment } from './python-environment.mjs';
import { finish, suite } from './suite.mjs';

const { values } = parseArgs({
  options: { examples: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' } },
});
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

await runTurbo(
  'Building',
  ['run', 'build', '--output-logs=errors-only', '--filter=@model2vec-ts/cli'],
  'the build failed, see above',
);
const python = preparePythonEnvironment({
  directory: join(root, '.cache/openapi-python'),
  requirements: join(root, 'scripts/check-openapi.txt'),
});
const program = join(dirname(python), process.platform === 'win32' ? 'schemathesis.exe' : 'schemathesis');
/** Schemathesis writes what it found into its working folder. */
const folder = join(root, '.cache/openapi');
mkdirSync(folder, { recursive: true });
const server = await startServer();
const flags = ['--checks', CHECKS.join(','), '--phases', 'coverage,fuzzing', '--no-color'];
const command = [program, 'run', `${server.url}/openapi.json`, ...flags];
try {
  finish([
    await suite('openapi', [...command, '--max-examples', values.examples, '--seed', values.seed], {
      count: counts,
      cwd: folder,
      // Any value makes schemathesis draw its progress.
      env: { FORCE_COLOR: '' },
    }),
  ]);
} finally {
  server.stop();
}

/** Counts operations: those without a failure have passed, and all must be tested. */
function counts(output) {
  const [, all, tested] = /Selected: \d+\/(\d+)\s+Tested: (\d+)/.exec(output) ?? [];
  if (tested === undefined) return undefined;
  const failed = Number(/=+ (\d+) failures? in/.exec(output)?.[1] ?? 0);
  return { passed: Number(tested) - failed, failed: failed + Number(all) - Number(tested) };
}
