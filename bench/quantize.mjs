#!/usr/bin/env node
// Measures what smaller forms of a model save and cost: size, similarity to the full model's embeddings, kept nearest
// neighbours and speed. With --python it also compares the clustering with Python's on the same model.
//   node bench/quantize.mjs --model FOLDER --corpus TEXTS.txt[.gz] [--clusters 4096] [--texts 20000] [--rounds 7]
//        [--python PYTHON | --python-form FOLDER] [--json RESULT.json]
// Needs a build. PYTHON needs model2vec[quantization] and takes minutes, because it clusters ten times; --python-form names the
// folder of an earlier result. --texts lines of the corpus are embedded, taken at even steps, and for 500 of them the ten
// nearest texts are compared.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import {
  loadStaticModel,
  pruneVocabulary,
  quantizeModel,
  saveStaticModel,
} from '../packages/static-model/dist/node/index.js';
import { loadTokenizer } from '../packages/tokenizer/dist/node/index.js';

const say = (line) => process.stdout.write(`${line}\n`);
const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    corpus: { type: 'string' },
    clusters: { type: 'string', default: '4096' },
    texts: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '7' },
    python: { type: 'string' },
    'python-form': { type: 'string' },
    json: { type: 'string' },
  },
});
if (!flags.model || !flags.corpus) {
  say(
    'usage: node bench/quantize.mjs --model FOLDER --corpus TEXTS.txt[.gz] [--python PYTHON] [--json FILE]',
  );
  process.exit(2);
}
const clusters = Number(flags.clusters);
const QUESTIONS = 500;
const NEIGHBOURS = 10;

const work = mkdtempSync(join(tmpdir(), 'quantize-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const bytes = readFileSync(flags.corpus);
const lines = (flags.corpus.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  .toString('utf8')
  .trimEnd()
  .split('\n');
const texts = evenly(lines, Number(flags.texts));

function evenly(list, count) {
  const step = Math.max(1, list.length / count);
  return Array.from({ length: Math.min(count, list.length) }, (_, i) => list[Math.floor(i * step)]);
}

const whole = await loadStaticModel(flags.model);
const { rows, dim } = whole.table;
say(`${flags.model}: ${rows} × ${dim} ${whole.table.dtype}; ${texts.length} of ${lines.length} texts`);

let begun = performance.now();
const before = process.cpuUsage();
const shared = await quantizeModel(whole, { vocabularySize: clusters });
// Also measures processor time, which other programs affect less.
const spent = process.cpuUsage(before);
const clustering = {
  ours: { seconds: (performance.now() - begun) / 1000, cpuSeconds: (spent.user + spent.system) / 1e6 },
};
const shown = ({ seconds, cpuSeconds }) =>
  `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of a processor`;
say(`clustering into ${clusters}: ${shown(clustering.ours)}`);

const forms = [['as it is', whole]];
const add = async (name, options, from = whole) => forms.push([name, await quantizeModel(from, options)]);
await add('float16', { dtype: 'float16' });
await add('int8', { dtype: 'int8' });
for (const columns of [dim / 2, dim / 4]) {
  await add(`${columns} dimensions`, { dimensionality: columns });
  await add(`${columns} dimensions, int8`, { dimensionality: columns, dtype: 'int8' });
}
forms.push([`${clusters} shared rows`, shared]);
await add(`${clusters} shared rows, int8`, { dtype: 'int8' }, shared);
await add(
  `${clusters} shared rows, int8, ${dim / 2} dimensions`,
  { dtype: 'int8', dimensionality: dim / 2 },
  shared,
);
const { model: pruned } = await pruneVocabulary(whole, { corpus: texts }, { loadTokenizer });
forms.push(['pruned for these texts', pruned]);
await add('pruned for these texts, int8', { dtype: 'int8' }, pruned);

const folders = new Map();
for (const [i, [name, model]] of forms.entries()) {
  folders.set(name, join(work, String(i)));
  await saveStaticModel(model, folders.get(name));
}

const PROGRAM = `
import json, sys, time
import numpy
from model2vec import StaticModel
from model2vec.vocabulary_quantization import quantize_vocabulary
source, target, clusters = sys.argv[1:]
StaticModel.from_pretrained(source)
begun = time.perf_counter()
processor = time.process_time()
model = StaticModel.from_pretrained(source, vocabulary_quantization=int(clusters))
seconds = time.perf_counter() - begun
processor = time.process_time() - processor
model.save_pretrained(target)
print(json.dumps({"seconds": seconds, "cpuSeconds": processor, "numpy": numpy.__version__}))
`;
const byPython = `${clusters} shared rows, by Python`;
if (flags['python-form']) folders.set(byPython, flags['python-form']);
else if (flags.python) {
  const target = join(work, 'python');
  const { status, stdout, stderr } = spawnSync(
    flags.python,
    ['-c', PROGRAM, flags.model, target, flags.clusters],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (status !== 0) {
    say(`Python failed: ${stderr}`);
    process.exit(1);
  }
  clustering.python = JSON.parse(stdout.trim().split('\n').at(-1));
  folders.set(byPython, target);
  say(`clustering into ${clusters} by Python: ${shown(clustering.python)}`);
}

/** Returns the size of the files that a page or a package needs. */
function carried(folder) {
  const files = readdirSync(folder).filter((file) =>
    /^(model\.safetensors|tokenizer\.json|config\.json)$/.test(file),
  );
  return {
    bytes: files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0),
    gzip: files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0),
  };
}

function unit(row) {
  let squares = 0;
  for (const value of row) squares += value * value;
  return squares === 0 ? row : row.map((value) => value / Math.sqrt(squares));
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}

function nearest(vectors, question) {
  const scores = vectors.map((vector, i) => [i === question ? -2 : dot(vectors[question], vector), i]);
  return scores
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
    .slice(0, NEIGHBOURS)
    .map(([, i]) => i);
}

const questions = evenly(
  texts.map((_, i) => i),
  QUESTIONS,
);
let reference;
const results = [];
for (const [name, folder] of folders) {
  begun = performance.now();
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: folder, threads: 1 });
  embedder.encodeSync(['warm']);
  const loadMilliseconds = performance.now() - begun;
  const vectors = Array.from(await embedder.encode(texts), unit);
  const found = questions.map((question) => nearest(vectors, question));
  reference ??= { vectors, found };
  let cosine = 0;
  // Missing columns count as zero; two vectors without tokens are equal.
  vectors.forEach((vector, i) => {
    cosine += vector.every((value) => value === 0) ? 1 : dot(reference.vectors[i], vector);
  });
  const kept = found.reduce(
    (sum, list, i) => sum + list.filter((each) => reference.found[i].includes(each)).length,
    0,
  );
  results.push({
    name,
    ...carried(folder),
    loadMilliseconds,
    dim: embedder.dim,
    cosine: cosine / vectors.length,
    neighbours: kept / (questions.length * NEIGHBOURS),
    embedder,
    rates: [],
  });
}

// Forms take turns, so that other load affects all of them.
for (let round = 0; round < Number(flags.rounds); round++) {
  for (const { embedder, rates } of results) {
    // Measures processor time, because wall time on a busy machine depends on other programs.
    const before = process.cpuUsage();
    await embedder.encode(texts);
    const { user, system } = process.cpuUsage(before);
    rates.push((texts.length / (user + system)) * 1e6);
  }
}
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const table = [];
for (const { embedder, rates, ...facts } of results) {
  table.push({ ...facts, textsPerSecond: median(rates), fingerprint: embedder.fingerprint });
  await embedder.close();
}

const megabytes = (count) => `${(count / 1e6).toFixed(2)} MB`;
say('');
say('| Form | On disk | gzip | Mean cosine | Neighbours kept | Texts a second |');
say('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const { name, bytes: size, gzip, cosine, neighbours, textsPerSecond } of table) {
  const speed = `${Math.round(textsPerSecond / 1000)},000 (${(textsPerSecond / table[0].textsPerSecond).toFixed(2)})`;
  say(
    `| ${name} | ${megabytes(size)} | ${megabytes(gzip)} | ${cosine.toFixed(4)} | ${(100 * neighbours).toFixed(1)} % | ${speed} |`,
  );
}
const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
say(`\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}`);
if (flags.json) {
  const report = {
    kind: 'quantize',
    measured: new Date().toISOString().slice(0, 10),
    machine,
    rows,
    dim,
    clusters,
  };
  writeFileSync(
    flags.json,
    `${JSON.stringify({ ...report, texts: texts.length, clustering, forms: table }, undefined, 2)}\n`,
  );
}
