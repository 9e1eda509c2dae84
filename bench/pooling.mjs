#!/usr/bin/env node
// Times pooling alone, js and wasm: node bench/pooling.mjs [--dim 256] [--tokens 16] [--rounds 7]
// Needs a build. Tables and texts are generated: 29,525 rows, token ids by Zipf's law, batches of 512 texts. Both kernels must
// return the same bits before anything is timed.
import { parseArgs } from 'node:util';
import { jsKernel } from '../packages/pooling-kernels/dist/kernels/js.js';
import { wasmKernel } from '../packages/pooling-kernels/dist/kernels/wasm.js';

const { values: flags } = parseArgs({
  options: {
    dim: { type: 'string', default: '256' },
    tokens: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '7' },
  },
});
const [dim, tokens, rounds] = [flags.dim, flags.tokens, flags.rounds].map(Number);
const ROWS = 29_525;
const BATCH = 512;
const BATCHES = Math.max(4, Math.round(640 / tokens));

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

/** Zipf's law: the id of rank r has a frequency of about 1 / r. */
const frequentId = () => Math.min(ROWS - 1, Math.floor(ROWS ** random()) - 1);

const batches = Array.from({ length: BATCHES }, () => {
  const offsets = new Uint32Array(BATCH + 1);
  for (let i = 0; i < BATCH; i++)
    offsets[i + 1] = offsets[i] + Math.max(1, Math.round(tokens * 2 * random()));
  return { ids: Uint32Array.from({ length: offsets[BATCH] }, frequentId), offsets };
});
const totalTokens = batches.reduce((sum, { ids }) => sum + ids.length, 0);

const count = ROWS * dim;
const shape = { rows: ROWS, dim };
const real = () => random() - 0.5;
/** Patterns of float16 (bias 15) or bfloat16 (bias 127) between 2^-7 and 1. */
const halves = (fractionBits, bias) =>
  Uint16Array.from({ length: count }, () => {
    const bits = Math.floor(random() * 2 ** 16);
    return (
      (bits & 0x8000) |
      ((bias - 1 - ((bits >> 8) & 7)) << fractionBits) |
      (bits & ((1 << Math.min(8, fractionBits)) - 1))
    );
  });
const float32 = Float32Array.from({ length: count }, real);
const tables = {
  float32: { ...shape, dtype: 'float32', data: float32 },
  float16: { ...shape, dtype: 'float16', data: halves(10, 15) },
  bfloat16: { ...shape, dtype: 'bfloat16', data: halves(7, 127) },
  int8: { ...shape, dtype: 'int8', data: Int8Array.from({ length: count }, () => real() * 255) },
  float64: { ...shape, dtype: 'float64', data: Float64Array.from(float32) },
  'float32, mapping, weights': {
    ...shape,
    dtype: 'float32',
    data: float32,
    mapping: Int32Array.from({ length: ROWS }, (_, id) => (id * 7) % ROWS),
    weights: Float32Array.from({ length: ROWS }, random),
  },
  'int8, weights': {
    ...shape,
    dtype: 'int8',
    data: Int8Array.from({ length: count }, () => real() * 255),
    weights: Float32Array.from({ length: ROWS }, random),
  },
};

function run(kernel, out) {
  for (const batch of batches) kernel.pool(batch, out, { normalize: true });
}

function time(kernel, out) {
  const start = performance.now();
  run(kernel, out);
  return performance.now() - start;
}

function checkEqual(js, wasm, name) {
  const [a, b] = [new Uint32Array(BATCH * dim), new Uint32Array(BATCH * dim)];
  for (const batch of batches) {
    js.pool(batch, new Float32Array(a.buffer), { normalize: true });
    wasm.pool(batch, new Float32Array(b.buffer), { normalize: true });
    const at = a.findIndex((bits, i) => bits !== b[i]);
    if (at >= 0) throw new Error(`${name}: the kernels differ in text ${Math.floor(at / dim)}`);
  }
}

const print = (cells) => process.stdout.write(`${cells.join(' | ')}\n`);
print([
  `${BATCHES * BATCH} texts × ${(totalTokens / BATCHES / BATCH).toFixed(1)} tokens × ${dim}, normalised`,
]);
print([
  'table'.padEnd(26),
  'kernel',
  'median ms',
  ' best ms',
  'worst ms',
  'texts/s',
  'GB/s of rows',
  'js/wasm',
]);
for (const [name, table] of Object.entries(tables)) {
  const kernels = { js: await jsKernel.load(table), wasm: await wasmKernel.load(table) };
  checkEqual(kernels.js, kernels.wasm, name);
  const out = new Float32Array(BATCH * dim);
  const times = { js: [], wasm: [] };
  // Rounds alternate, so that a slow moment affects both; the first rounds warm up.
  for (let round = -2; round < rounds; round++) {
    for (const kernel of ['js', 'wasm']) {
      const took = time(kernels[kernel], out);
      if (round >= 0) times[kernel].push(took);
    }
  }
  const medians = {};
  for (const [kernel, all] of Object.entries(times)) {
    const sorted = all.sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    medians[kernel] = median;
    print([
      name.padEnd(26),
      kernel.padEnd(6),
      median.toFixed(1).padStart(9),
      sorted[0].toFixed(1).padStart(8),
      sorted[sorted.length - 1].toFixed(1).padStart(8),
      String(Math.round((BATCHES * BATCH * 1000) / median)).padStart(7),
      ((totalTokens * dim * table.data.BYTES_PER_ELEMENT) / median / 1e6).toFixed(1).padStart(12),
      kernel === 'wasm' ? `${(medians.js / medians.wasm).toFixed(1)}×` : '',
    ]);
  }
  for (const kernel of Object.values(kernels)) kernel.dispose();
}
