#!/usr/bin/env node
// Measures this project alone in under a minute: pnpm bench [--seconds 2] [--json FILE]
// Needs only a build: it uses the bundled model, and texts drawn from its vocabulary by Zipf's law. Results are compared before
// anything is timed: both kernels, one thread and several, and both tokenizer paths must agree to the bit. tinybench measures,
// because it warms up and reports percentiles. Machines are noisy: compare rates within one run only.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { selectKernel } from '../packages/pooling-kernels/dist/node/index.js';
import { loadStaticModel } from '../packages/static-model/dist/node/index.js';
import { loadTokenizer } from '../packages/tokenizer/dist/node/index.js';
import { zipfTexts } from './zipf-texts.mjs';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, json: { type: 'string' } },
});
const say = (line) => process.stdout.write(`${line}\n`);
const SHORT_TEXTS = 20_000;
const WORDS_OF_SHORT = 13;
const LONG_TEXTS = 2_000;
const BATCH = 1024;

const model = await loadStaticModel(minilmL6);
const fast = loadTokenizer(model.tokenizerJson);
const readable = loadTokenizer(model.tokenizerJson, { path: 'readable' });

const { text, about } = zipfTexts(fast);
const short = Array.from({ length: SHORT_TEXTS }, () => about(WORDS_OF_SHORT));
const long = Array.from({ length: LONG_TEXTS }, () => text(10 * WORDS_OF_SHORT));

const create = (options) => Model2VecEmbeddingFunction.create({ modelSource: minilmL6, ...options });
const threads = availableParallelism();
const one = await create({ threads: 1 });
const js = await create({ threads: 1, kernel: 'js' });
const float32 = await create({ threads: 1, quantizeTo: 'float32' });
const all = await create({ threads });

/** Exits if two ways give different results. */
function demandEqual(what, found, expected) {
  const at = expected.length === found.length ? expected.findIndex((x, i) => !Object.is(x, found[i])) : 0;
  if (at < 0) return;
  say(`${what}: value ${at} is ${found[at]}, expected ${expected[at]}; nothing was timed`);
  process.exit(1);
}
const expected = (await js.encode(short)).data;
demandEqual(`the ${one.kernel} kernel against the js kernel`, (await one.encode(short)).data, expected);
for (let i = 0; i < 3; i++)
  demandEqual(`${threads} threads against one`, (await all.encode(short)).data, expected);
const sample = short.slice(0, 4 * BATCH);
const ids = readable.encodeBatch(sample);
demandEqual('ids of the fast path', fast.encodeBatch(sample).ids, ids.ids);

const SINGLES = sample.slice(0, 256);
function encodeSingles() {
  for (const each of SINGLES) one.encodeSync([each]);
}
const single = new Float32Array(one.dim);
function encodeSinglesInto() {
  for (const each of SINGLES) one.encodeSync([each], { out: single });
}
const kernels = { js: selectKernel('js', model.table), wasm: selectKernel('wasm', model.table) };
const batch = readable.encodeBatch(sample.slice(0, BATCH));
const out = new Float32Array(BATCH * model.table.dim);
const cases = [
  ['encode, short texts, one thread', SHORT_TEXTS, () => one.encode(short)],
  ['encode, short texts, js kernel', BATCH, () => js.encode(sample.slice(0, BATCH))],
  ['encode, short texts, float32 table', SHORT_TEXTS, () => float32.encode(short)],
  [`encode, short texts, ${threads} threads`, SHORT_TEXTS, () => all.encode(short)],
  ['encode, long texts, one thread', LONG_TEXTS, () => one.encode(long)],
  ['encodeSync, one short text', SINGLES.length, encodeSingles],
  ['encodeSync, one short text, `out`', SINGLES.length, encodeSinglesInto],
  ['tokenize, fast path', sample.length, () => fast.encodeBatch(sample)],
  ['tokenize, readable path', BATCH, () => readable.encodeBatch(sample.slice(0, BATCH))],
];
for (const [name, kernel] of Object.entries(kernels)) {
  const loaded = await kernel.load(model.table);
  cases.push([`pool, ${name} kernel`, BATCH, () => loaded.pool(batch, out, { normalize: true })]);
}

say(
  `${cpus()[0].model}, ${threads} cores, Node ${process.version}; ${model.table.rows} × ${model.table.dim}`,
);
const bench = new Bench({ time: (Number(flags.seconds) * 1000) / 2, warmupTime: 250 });
for (const [name, , call] of cases) bench.add(name, call);
await bench.run();
const report = bench.tasks.map(({ name, result }, i) => {
  const texts = cases[i][1];
  return {
    name,
    textsPerSecond: Math.round((texts / result.latency.p50) * 1e3),
    p99: Math.round((texts / result.latency.p99) * 1e3),
    error: result.latency.rme,
  };
});
for (const { name, textsPerSecond, p99, error } of report) {
  const rate = textsPerSecond.toLocaleString('en-US').padStart(11);
  say(
    `${name.padEnd(34)} ${rate} texts/s at the median, ${p99.toLocaleString('en-US')} at p99, ± ${error.toFixed(1)} %`,
  );
}
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ node: process.version, report }, null, 2)}\n`);
await Promise.all([one, js, float32, all].map((each) => each.close()));
