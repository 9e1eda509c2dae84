#!/usr/bin/env node
// Measures search in memory beside its peers in Python: pnpm bench:search [--rows 100000] [--semhash-rows 20000] [--json FILE]
// Needs only a build; the peers (numpy, vicinity's basic backend, semhash) are installed into .cache. Texts are drawn from the
// bundled model's vocabulary by Zipf's law. Results are compared with numpy's before anything is reported. Every search runs on
// one thread. Machines are noisy: compare figures within one run only.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { duplicateRows, TextIndex } from '../packages/search/dist/index.js';
import { loadStaticModel } from '../packages/static-model/dist/node/index.js';
import { loadTokenizer } from '../packages/tokenizer/dist/node/index.js';
import { preparePythonEnvironment } from '../scripts/python-environment.mjs';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    json: { type: 'string' },
    'semhash-rows': { type: 'string', default: '20000' },
  },
});
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rows = Number(flags.rows);
/** semhash takes minutes, so it deduplicates fewer rows. */
const semhashRows = Math.min(rows, Number(flags['semhash-rows']));
const QUERIES = 200;
const THRESHOLD = 0.9;
const say = (line) => process.stdout.write(`${line}\n`);

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const model = await loadStaticModel(minilmL6);
const tokenizer = loadTokenizer(model.tokenizerJson);
const words = Array.from(
  { length: tokenizer.vocabularySize },
  (_, id) => tokenizer.idToToken(id) ?? '',
).filter((token) => /^[a-z]{2,}$/.test(token));
const word = () => words[Math.floor(words.length ** random()) - 1];
const text = () => `${Array.from({ length: 3 + Math.floor(20 * random()) }, word).join(' ')}.`;
// One text in ten repeats an earlier one with another word.
const texts = [];
while (texts.length < rows) {
  const old = texts.length > 0 && random() < 0.1 ? texts[Math.floor(random() * texts.length)] : undefined;
  texts.push(old === undefined ? text() : `${old.slice(0, -1)} ${word()}.`);
}
const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 1 });
const { dim } = embedder;
const matrix = await embedder.encode(texts);
const queries = await embedder.encode(Array.from({ length: QUERIES }, text));

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
async function timed(index, options) {
  const times = [];
  for (let round = 0; round < 2; round++) {
    times.length = 0;
    for (const query of queries) {
      const begun = performance.now();
      await index.search(query, { limit: 10, ...options });
      times.push(performance.now() - begun);
    }
  }
  return median(times);
}

/** Compares found duplicates with those of brute force. */
function exactness(found, exact) {
  const wanted = new Set(exact);
  const both = found.filter(({ index }) => wanted.has(index)).length;
  return { recall: both / wanted.size, precision: both / found.length };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-search-'));
try {
  const results = { rows, dim, node: process.version, cpu: cpus()[0].model, cores: availableParallelism() };
  const input = (type) => texts.map((each, i) => ({ id: i, text: each, vector: matrix.row(i), type }));
  const indexes = {};
  for (const vectorType of ['float32', 'int8', 'binary']) {
    const index = await TextIndex.create({ embedder, vectorType, fullText: vectorType === 'int8' });
    await index.upsert(input(vectorType));
    indexes[vectorType] = index;
    results[vectorType] = await timed(index);
  }
  const asked = Array.from({ length: QUERIES }, text);
  const hybrid = [];
  for (const question of asked) {
    const begun = performance.now();
    await indexes.int8.search(question, { limit: 10 });
    hybrid.push(performance.now() - begun);
  }
  results.hybrid = median(hybrid);
  const batchBegun = performance.now();
  await indexes.int8.search([...queries], { limit: 10 });
  results.batch = (performance.now() - batchBegun) / QUERIES;
  const deduplicated = async (count) => {
    const begun = performance.now();
    const part = { data: matrix.data.subarray(0, count * dim), rows: count, dim };
    const { kept, duplicates } = await duplicateRows(part, THRESHOLD);
    const seconds = (performance.now() - begun) / 1000;
    return { result: { rows: count, seconds, kept: kept.length }, duplicates };
  };
  results.dedup = [];
  let found;
  for (const count of new Set([semhashRows, rows])) {
    if (count === 0) continue;
    const { result, duplicates } = await deduplicated(count);
    results.dedup.push(result);
    found = duplicates;
  }

  const paths = { vectors: join(folder, 'vectors.f32'), queries: join(folder, 'queries.f32') };
  writeFileSync(paths.vectors, matrix.data);
  writeFileSync(paths.queries, queries.data);
  const python = preparePythonEnvironment({
    directory: join(root, '.cache', 'search-peers-venv'),
    requirements: join(root, 'bench', 'search-peers.txt'),
  });
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const args = [
    join(root, 'bench', 'search-peers.py'),
    ...[paths.vectors, paths.queries, dim, THRESHOLD, semhashRows],
  ];
  const { best, duplicates, ...peers } = JSON.parse(
    execFileSync(python, args, { encoding: 'utf8', env: { ...process.env, ...one }, maxBuffer: 1 << 26 }),
  );
  results.peers = peers;
  results.exactness = exactness(found, duplicates);
  for (const [i, expected] of best.entries()) {
    const { hits } = await indexes.float32.search(queries.row(i), { limit: 10 });
    const same = hits.filter(({ id }) => expected.includes(id)).length;
    // The tenth and eleventh can be a tie in float32.
    if (same < 9) throw new Error(`query ${i}: ${same} of 10 hits are numpy's`);
  }

  for (const count of [10_000, rows]) {
    const path = join(folder, `texts-${count}.txt`);
    writeFileSync(path, `${texts.slice(0, count).join('\n')}\n`);
    const times = [];
    for (let run = 0; run < 3; run++) {
      const begun = performance.now();
      const m2v = join(root, 'apps', 'cli', 'dist', 'm2v.js');
      const { status, stderr } = spawnSync(process.execPath, [m2v, 'find', asked[0], path, '--json']);
      if (status !== 0) throw new Error(String(stderr));
      times.push((performance.now() - begun) / 1000);
    }
    results[`find${count}`] = Math.min(...times);
  }
  const memory = spawnSync(
    process.execPath,
    ['--expose-gc', join(root, 'bench', 'search-memory.mjs'), join(folder, `texts-${rows}.txt`)],
    { encoding: 'utf8' },
  );
  if (memory.status !== 0) throw new Error(memory.stderr);
  results.memory = JSON.parse(memory.stdout);

  const ms = (value) => `${value.toFixed(2)} ms`;
  const s = (value) => `${value.toFixed(2)} s`;
  const { numpy, vicinity, semhash, semhashKept, versions } = peers;
  say(`${rows} × ${dim}, one thread, ${results.cpu}, Node ${results.node}`);
  say(
    `search, int8       ${ms(results.int8)}, ${((vicinity / results.int8) * 1000).toFixed(1)} × vicinity, ${((numpy / results.int8) * 1000).toFixed(1)} × numpy`,
  );
  say(`search, float32    ${ms(results.float32)}`);
  say(`search, binary     ${ms(results.binary)}`);
  say(`search, hybrid     ${ms(results.hybrid)} with the embedding of the question`);
  say(`search, in a batch ${ms(results.batch)} per query`);
  say(`vicinity ${versions.vicinity}     ${ms(vicinity * 1000)}`);
  say(`numpy ${versions.numpy}        ${ms(numpy * 1000)}`);
  for (const { rows: count, seconds, kept } of results.dedup) {
    say(`duplicates         ${s(seconds)} for ${count} texts, ${kept} kept`);
  }
  const { recall, precision } = results.exactness;
  say(
    `                   recall ${recall.toFixed(5)}, precision ${precision.toFixed(5)} of brute force over ${rows} texts`,
  );
  if (semhash !== undefined) {
    say(`semhash ${versions.semhash}      ${s(semhash)} for ${semhashRows} texts, ${semhashKept} kept`);
  }
  say(
    `m2v find, cold     ${s(results.find10000)} for 10,000 passages, ${s(results[`find${rows}`])} for ${rows}`,
  );
  say(`memory             ${results.memory.ratio.toFixed(2)} × vectors and texts`);
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await embedder.close();
  rmSync(folder, { recursive: true, force: true });
}
