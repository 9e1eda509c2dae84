#!/usr/bin/env node
// Compares this project with Python's tokenizers and model2vec on random tokenizers, models and texts.
//   node scripts/test-oracle.mjs [--seed TEXT] [--seconds N] [--family recipe|adversarial|altered|exposed|vectors] [--case N]
// Prints the seed, a summary and 'N passed, N failed', counting tokenizers and models; exits with 1 if any failed.
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { compareIds, shrink } from '../oracle/compare-ids.mjs';
import { compareVectors } from '../oracle/compare-vectors.mjs';
import { generatedCases, ReferenceServer } from '../oracle/reference-process.mjs';
import { root } from './project-install.mjs';
import { preparePythonEnvironment } from './python-environment.mjs';

const cache = join(root, '.cache');
/** Shrinking calls the reference many times, so only the first failures are shrunk and saved. */
const KEPT = 40;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
    seconds: { type: 'string', default: '180' },
    family: { type: 'string' },
    case: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) {
  console.error(`--seconds takes a positive number, not ${values.seconds}`);
  process.exit(2);
}

const built = async (name) => {
  const file = join(root, 'packages', name, 'dist/node/index.js');
  if (!existsSync(file)) {
    console.error(`${name} is not built; run \`npm test\`, or \`npx turbo run build\`, first`);
    process.exit(1);
  }
  return import(pathToFileURL(file).href);
};
const tokenizers = await built('tokenizer');
const facade = await built('embedding-function');
const python = preparePythonEnvironment({
  directory: join(cache, 'oracle-venv'),
  requirements: join(root, 'oracle/requirements.txt'),
});

const work = join(cache, 'oracle-work', String(process.pid));
const failures = join(cache, 'oracle-failures');
rmSync(failures, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const shared = resolve(root, '../shared/reference');
const args = ['--seed', values.seed, '--work', work];
if (existsSync(shared)) args.push('--charsmaps', shared);
if (values.family) args.push('--family', values.family);
if (values.case) args.push('--case', values.case);
console.log(
  `seed ${values.seed}, ${seconds} s, ${existsSync(shared) ? 'with' : 'without'} the published charsmaps of ../shared`,
);

const counts = { passed: 0, failed: 0, unsupported: 0, refused: 0, crashed: 0, texts: 0 };
const unsupported = new Map();
const groups = new Map();
const server = new ReferenceServer(python, join(root, 'oracle/reference.py'));

const compare = (found) => {
  if (found.kind === 'ids') return compareIds(tokenizers, found);
  if (found.kind === 'vectors') return compareVectors(facade, found);
  return { verdict: 'failed', problem: `the generator failed: ${found.problem}` };
};

/** Saves a failure: the tokenizer, the shortest text, both answers and the command that repeats it. */
async function keep(found, result) {
  mkdirSync(failures, { recursive: true });
  const rerun = `npm run test:oracle -- --seed ${values.seed}${values.family ? ` --family ${values.family}` : ''} --case ${found.number}`;
  const report = { rerun, signature: found.signature, altered: found.altered, problem: result.problem };
  const file = join(failures, `${found.number}`);
  if (found.kind === 'ids') writeFileSync(`${file}.tokenizer.json`, found.tokenizer);
  if (result.differences) {
    const shortest = result.differences.reduce((a, b) => (a.text.length <= b.text.length ? a : b));
    Object.assign(report, await shrink(tokenizers, server, found, shortest));
  }
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 1)}\n`);
  const shown =
    report.text === undefined
      ? ''
      : ` ${JSON.stringify(report.text)} expected ${JSON.stringify(report.expected)} got ${JSON.stringify(report.got)}`;
  console.log(
    `FAIL case ${found.number} (${found.recipe ?? found.kind}) ${found.signature}\n     ${report.problem}${shown}`.slice(
      0,
      900,
    ),
  );
}

const cases = generatedCases({
  python,
  script: join(root, 'oracle/generate.py'),
  args,
  seconds,
  single: values.case !== undefined,
});
for await (const found of cases) {
  if (found.kind === 'none') continue;
  if (found.kind === 'crashed') {
    counts.crashed++;
    continue;
  }
  const result = await compare(found);
  if (found.folder && !(values.case && result.verdict === 'failed'))
    rmSync(found.folder, { recursive: true, force: true });
  counts.texts += found.texts?.length ?? 0;
  if (found.refused !== undefined) counts.refused++;
  if (result.verdict === 'agreed') counts.passed++;
  else if (result.verdict === 'unsupported') {
    counts.unsupported++;
    unsupported.set(result.construct, (unsupported.get(result.construct) ?? 0) + 1);
  } else {
    counts.failed++;
    const group = `${found.recipe ?? found.kind}: ${result.problem.replace(/\d+/g, 'N').slice(0, 120)}`;
    groups.set(group, (groups.get(group) ?? 0) + 1);
    if (counts.failed <= KEPT) await keep(found, result);
  }
}
server.close();
if (!values.case) rmSync(work, { recursive: true, force: true });

const listed = (map) => [...map].sort((a, b) => b[1] - a[1]);
if (unsupported.size > 0) {
  console.log(`refused at load as unsupported: ${counts.unsupported} tokenizers`);
  for (const [construct, times] of listed(unsupported).slice(0, 40))
    console.log(`  ${times} × ${construct.slice(0, 160)}`);
}
if (groups.size > 0) {
  console.log('failures by kind');
  for (const [group, times] of listed(groups)) console.log(`  ${times} × ${group}`);
}
console.log(
  `${counts.texts} texts; ${counts.refused} tokenizers that the reference refuses; ${counts.crashed} on which its process ended`,
);
if (counts.failed > 0)
  console.log(`kept in .cache/oracle-failures; repeat one case with --seed ${values.seed} --case N`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
