// The core of the built packages on the Node that runs this: ids, kernels, vectors and threads against recorded values.
// Plain JavaScript without a test runner, which may not support every version. Prints the version, what failed, and
// 'N passed, N failed'.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
// The command line depends on every package, so that they resolve from its folder as published.
const require = createRequire(join(root, 'apps/cli/package.json'));
const load = (specifier) => import(pathToFileURL(require.resolve(specifier)));
const { loadTokenizer, TokenizerError } = await load('@model2vec-ts/tokenizer');
const { jsKernel } = await load('@model2vec-ts/pooling-kernels/js');
const { wasmKernel } = await load('@model2vec-ts/pooling-kernels/wasm');
const { testPoolingKernel } = await load('@model2vec-ts/pooling-kernels/testing');
const { Model2VecEmbeddingFunction } = await load('@model2vec-ts/embedding-function');

const counts = { passed: 0, failed: 0 };
async function check(name, test) {
  try {
    await test();
    counts.passed++;
  } catch (error) {
    counts.failed++;
    console.log(`FAIL ${name}: ${error?.message ?? error}`);
  }
}
function equal(found, expected, what) {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${what}: expected ${show(expected)}, found ${show(found)}`);
}
const show = (value) => JSON.stringify(value)?.slice(0, 200);

const sources = (path) => readFileSync(join(root, 'packages', path), 'utf8');

/** Ids of a text, or `error` where the tokenizer refuses it. */
function idsOf(tokenizer, text) {
  try {
    return [...tokenizer.encode(text)];
  } catch (error) {
    if (TokenizerError.isInstance(error)) return 'error';
    throw error;
  }
}

async function tokenizers() {
  const lines = sources('tokenizer/src/fixtures/pipeline-cases.jsonl').trimEnd().split('\n');
  for (const [i, line] of lines.entries()) {
    const { tokenizer: json, texts = {} } = JSON.parse(line);
    let tokenizer;
    try {
      tokenizer = loadTokenizer(json);
    } catch (error) {
      // Which files are refused is the packages' own tests' matter.
      if (TokenizerError.isInstance(error)) continue;
      throw error;
    }
    await check(`tokenizer ${i}`, () => {
      for (const [text, ids] of Object.entries(texts)) {
        if (ids === 'panic') continue;
        equal(idsOf(tokenizer, text), ids, JSON.stringify(text));
      }
    });
  }
}

async function kernels() {
  for (const kernel of [jsKernel, wasmKernel]) {
    for (const { name, run } of testPoolingKernel(() => kernel))
      await check(`kernel ${kernel.name} ${name}`, run);
  }
}

const floats = (base64) => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

async function embedders() {
  const { texts, cases } = JSON.parse(sources('embedding-function/src/fixtures/encode.json'));
  for (const [i, { model, create, call, values, sequence, texts: own }] of cases.entries()) {
    if (sequence) continue;
    await check(`vectors ${i} (${model})`, async () => {
      const modelSource = join(root, 'packages/embedding-function/src/fixtures', model);
      const embedder = await Model2VecEmbeddingFunction.create({ modelSource, ...create });
      const { data } = await embedder.encode(own ?? texts, call);
      await embedder.close();
      const expected = floats(values);
      equal(data.length, expected.length, 'number of values');
      const worst = data.reduce((most, value, j) => Math.max(most, Math.abs(value - expected[j])), 0);
      // Python rounds results of float16 tables to float16.
      const tolerance = model.includes('float16') || create.quantizeTo === 'float16' ? 1e-3 : 1e-6;
      if (!(worst <= tolerance)) throw new Error(`values differ by up to ${worst}`);
    });
  }
}

async function threads() {
  const modelSource = join(root, 'packages/embedding-function/src/fixtures/word-piece-float32');
  const texts = Array.from({ length: 6000 }, (_, i) => `hello the london ${i} of many texts ${i % 17}`);
  await check('two threads and a stream give what one thread gives', async () => {
    const alone = await Model2VecEmbeddingFunction.create({ modelSource, threads: 1 });
    const expected = alone.encodeSync(texts).data;
    await alone.close();
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource, threads: 2 });
    for (let round = 0; round < 3; round++) equal((await embedder.encode(texts)).data, expected, 'encode');
    const rows = [];
    for await (const matrix of embedder.encodeStream(texts)) rows.push(...matrix.data);
    equal(Float32Array.from(rows), expected, 'stream');
    equal([embedder.threads, embedder.threadLimit], [2, undefined], 'threads');
    await embedder.close();
  });
}

console.log(`Node ${process.version}`);
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
await tokenizers();
await kernels();
await embedders();
await threads();
await check('no warnings', () => equal(warnings, [], 'warnings'));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
