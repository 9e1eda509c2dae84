#!/usr/bin/env node
// Compares threads: 'auto' with one and with two threads: node bench/threads.mjs [--corpus FILE] [--rounds 5] [--json FILE]
// Needs a build. The settings are dtype (int8, float32) × texts (short, long) × call (encode, encodeStream, encode with a
// shared `out`), each on the first pass of a new embedder and warm. Within a round all alternate; the figures are medians.
// `auto / best` is the rate of auto to the better of one and two threads. `again / best` is the rate of that better way
// measured a second time, which shows how much of a share is noise. --corpus names a file of one text a line; without it,
// texts are drawn from the vocabulary by Zipf's law, which has fewer distinct words than real texts.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Model2VecEmbeddingFunction } from '../packages/embedding-function/dist/node/index.js';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { loadTokenizer } from '../packages/tokenizer/dist/node/index.js';
import { zipfTexts } from './zipf-texts.mjs';

const { values: flags } = parseArgs({
  options: {
    corpus: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});
const say = (line) => process.stdout.write(`${line}\n`);
const WARM_PASSES = 3;
/** What is measured: the threads of each way. */
const WAYS = { one: 1, two: 2, auto: 'auto', 'one again': 1, 'two again': 2 };

function corpus() {
  if (flags.corpus) return readFileSync(flags.corpus, 'utf8').trimEnd().split('\n');
  const { about } = zipfTexts(loadTokenizer(readFileSync(minilmL6['tokenizer.json'])));
  return Array.from({ length: 117_659 }, () => about(13));
}
const short = corpus();
const long = [];
for (let i = 0; i < short.length; i += 10) long.push(short.slice(i, i + 10).join(' '));

const outs = new Map();
function outFor(texts, dim) {
  if (!outs.has(texts))
    outs.set(texts, new Float32Array(new SharedArrayBuffer(4 * texts.length * dim)).fill(1));
  return outs.get(texts);
}
const CALLS = {
  encode: (embedder, texts) => embedder.encode(texts),
  stream: async (embedder, texts) => {
    for await (const matrix of embedder.encodeStream(texts))
      if (matrix.rows === 0) throw new Error('no rows');
  },
  out: (embedder, texts) => embedder.encode(texts, { out: outFor(texts, embedder.dim) }),
};
async function rate(call, embedder, texts) {
  const start = performance.now();
  await CALLS[call](embedder, texts);
  return (texts.length / (performance.now() - start)) * 1e3;
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

say(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}; ${short.length} texts`);
say(
  'dtype    texts  call    pass        one       two      auto   two / one   auto / best   again / best   limit of auto',
);
const report = [];
for (const dtype of ['int8', 'float32'])
  for (const [length, texts] of Object.entries({ short, long }))
    for (const call of Object.keys(CALLS)) {
      if (!`${dtype} ${length} ${call}`.includes(flags.only)) continue;
      const ways = Object.keys(WAYS);
      const none = () => Object.fromEntries(ways.map((way) => [way, []]));
      const rates = { first: none(), warm: none() };
      let limit;
      for (let round = 0; round < Number(flags.rounds); round++)
        for (const way of round % 2 ? [...ways].reverse() : ways) {
          const embedder = await Model2VecEmbeddingFunction.create({
            ...{ modelSource: minilmL6, quantizeTo: dtype, threads: WAYS[way] },
          });
          // As in a program that has started: code is compiled, the vocabulary is not known.
          embedder.encodeSync(texts.slice(0, 200));
          await pause(30);
          rates.first[way].push(await rate(call, embedder, texts));
          for (let pass = 0; pass < WARM_PASSES; pass++)
            rates.warm[way].push(await rate(call, embedder, texts));
          if (way === 'auto') limit = embedder.threadLimit;
          await embedder.close();
          globalThis.gc?.();
        }
      for (const [pass, found] of Object.entries(rates)) {
        const [one, two, auto, oneAgain, twoAgain] = ways.map((way) => median(found[way]));
        const again = one > two ? oneAgain : twoAgain;
        const figures = [one, two, auto].map((each) => Math.round(each).toLocaleString('en-US').padStart(10));
        const best = Math.max(one, two);
        const ratios = [two / one, auto / best, again / best].map((each) => each.toFixed(2));
        report.push({ dtype, length, call, pass, one, two, auto, again, limit });
        say(
          `${dtype.padEnd(8)} ${length.padEnd(6)} ${call.padEnd(7)} ${pass.padEnd(5)} ${figures.join('')}        ${ratios[0]}          ${ratios[1]}           ${ratios[2]}   ${limit?.code ?? ''}`,
        );
      }
    }
// The geometric mean and the least of each way's rates, divided by the better of one and two threads.
for (const pass of ['first', 'warm'])
  for (const way of ['one', 'two', 'auto', 'again']) {
    const shares = report
      .filter((each) => each.pass === pass)
      .map((each) => each[way] / Math.max(each.one, each.two));
    const mean = Math.exp(shares.reduce((sum, share) => sum + Math.log(share), 0) / shares.length);
    say(
      `${pass.padEnd(5)} ${way.padEnd(5)} ${mean.toFixed(2)} of the better, at least ${Math.min(...shares).toFixed(2)}`,
    );
  }
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ node: process.version, report }, null, 2)}\n`);
