#!/usr/bin/env node
// Times the four built-in kernels on the same batches: node bench/kernels.mjs [--rounds 41] [--tokens 16]
// Needs a build. The table is the bundled model's, as int8 and widened to float32; token ids follow Zipf's law. onnx-web runs
// the same WebAssembly in Node as in a browser. All kernels must agree before anything is timed. Each pools on one thread, so
// the benchmark measures processor time, which other programs do not add to; rounds alternate because programs share caches.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { minilmL6 } from '../packages/model-minilm-l6/dist/index.js';
import { jsKernel } from '../packages/pooling-kernels/dist/kernels/js.js';
import { onnxNodeKernel } from '../packages/pooling-kernels/dist/kernels/onnx-node.js';
import { onnxWebKernel } from '../packages/pooling-kernels/dist/kernels/onnx-web.js';
import { wasmKernel } from '../packages/pooling-kernels/dist/kernels/wasm.js';
import { loadStaticModel } from '../packages/static-model/dist/node/index.js';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '41' }, tokens: { type: 'string', default: '16' } },
});
const rounds = Number(flags.rounds);
const KERNELS = [wasmKernel, jsKernel, onnxNodeKernel(), onnxWebKernel()];
/** Texts per batch and batches per round, chosen so that rounds have about as many texts. */
const SIZES = [
  [1, 512],
  [1024, 4],
];

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

function batchOf(texts, rows) {
  const offsets = new Uint32Array(texts + 1);
  for (let i = 0; i < texts; i++) {
    offsets[i + 1] = offsets[i] + Math.max(1, Math.round(Number(flags.tokens) * 2 * random()));
  }
  // Zipf's law: the id of rank r has a frequency of about 1 / r.
  return {
    ids: Uint32Array.from({ length: offsets[texts] }, () => Math.floor(rows ** random()) - 1),
    offsets,
  };
}

async function run(loaded, batches, out) {
  for (const batch of batches) {
    const call = loaded.pool(batch, out, { normalize: true });
    if (call !== undefined) await call;
  }
}

async function checkAgreement(loaded, batches, dim) {
  const results = [];
  for (const kernel of loaded) {
    const out = new Float32Array((batches[0].offsets.length - 1) * dim);
    await kernel.pool(batches[0], out, { normalize: true });
    results.push(out);
  }
  for (const [k, out] of results.entries()) {
    const worst = out.reduce((most, value, i) => Math.max(most, Math.abs(value - results[0][i])), 0);
    if (!(worst < 1e-6)) throw new Error(`${KERNELS[k].name} differs from ${KERNELS[0].name} by ${worst}`);
  }
}

const versionOf = (name) => {
  const require = createRequire(new URL('../packages/pooling-kernels/package.json', import.meta.url));
  const file = require
    .resolve(name)
    .replace(/([\\/]node_modules[\\/]onnxruntime-\w+[\\/]).*/, '$1package.json');
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
};
const print = (line) => process.stdout.write(`${line}\n`);
print(
  `${cpus()[0].model}, Node ${process.versions.node}, ${versionOf('onnxruntime-node')}, ${versionOf('onnxruntime-web')}`,
);
print('');
print('| Table   | Texts a call | Kernel    | texts/s (median) | fastest round | of wasm |');
print('| ------- | -----------: | --------- | ---------------: | ------------: | ------: |');
for (const dtype of ['int8', 'float32']) {
  const { table } = await loadStaticModel(minilmL6, { quantizeTo: dtype });
  const loaded = [];
  for (const kernel of KERNELS) loaded.push(await kernel.load(table));
  for (const [texts, count] of SIZES) {
    const batches = Array.from({ length: count }, () => batchOf(texts, table.rows));
    await checkAgreement(loaded, batches, table.dim);
    const out = new Float32Array(texts * table.dim);
    const times = KERNELS.map(() => []);
    // The first rounds warm up.
    for (let round = -3; round < rounds; round++) {
      for (const [k, kernel] of loaded.entries()) {
        const start = process.cpuUsage();
        await run(kernel, batches, out);
        const { user, system } = process.cpuUsage(start);
        if (round >= 0) times[k].push((user + system) / 1000);
      }
    }
    const sorted = times.map((all) => all.sort((a, b) => a - b));
    const median = (k) => sorted[k][rounds >> 1];
    const rate = (ms) => String(Math.round((texts * count * 1000) / ms));
    for (const [k, { name }] of KERNELS.entries()) {
      print(
        `| ${dtype.padEnd(7)} | ${String(texts).padStart(12)} | ${name.padEnd(9)} | ${rate(median(k)).padStart(16)} | ` +
          `${rate(sorted[k][0]).padStart(13)} | ${(median(0) / median(k)).toFixed(3).padStart(7)} |`,
      );
    }
  }
  for (const kernel of loaded) kernel.dispose();
}
