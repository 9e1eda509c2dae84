#!/usr/bin/env node
// Loads the test data of MinishLab/model2vec-rs in every layout and compares with the values recorded there, which
// Python model2vec computed. Texts and tolerances are those of that project's own tests.
//   node scripts/check-rs-fixtures.mjs [FOLDER]      default ../shared/reference/model2vec-rs-fixtures
// Prints 'N passed, N failed'; exits 1 if any failed.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './project-install.mjs';
import { finish } from './suite.mjs';

const fixtures = resolve(process.argv[2] ?? join(root, '../shared/reference/model2vec-rs-fixtures'));
if (!existsSync(fixtures)) {
  console.error(`${fixtures} is missing: the fixtures of model2vec-rs are needed for this check`);
  process.exit(1);
}
const entry = join(root, 'packages/embedding-function/dist/node/index.js');
const { Model2VecEmbeddingFunction } = await import(pathToFileURL(entry).href);

const SHORT = 'hello world';
const LONG = Array(1000).fill('hello').join(' ');
const RELATIVE = 1e-5;
/** Largest difference that quantising may cause in a normalised vector. */
const QUANTISED = 1e-1;

const recorded = (name) => JSON.parse(readFileSync(join(fixtures, `embeddings_${name}.json`), 'utf8'))[0];
const work = mkdtempSync(join(tmpdir(), 'rs-fixtures-'));

/** Creates a folder with a fixture's two large files in `inner` and the given configurations at its top. */
function laidOut(name, fixture, inner, configs) {
  const folder = join(work, name);
  mkdirSync(join(folder, inner), { recursive: true });
  for (const file of ['model.safetensors', 'tokenizer.json']) {
    cpSync(join(fixtures, fixture, file), join(folder, inner, file));
  }
  for (const [file, content] of Object.entries(configs)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(content));
  }
  return folder;
}

async function embed(modelSource, text, options) {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource, ...options });
  try {
    return Array.from((await embedder.encode([text])).row(0));
  } finally {
    await embedder.close();
  }
}

const results = [];
async function check(name, run) {
  let problem;
  try {
    problem = await run();
  } catch (error) {
    problem = `${error.name}: ${error.message}`;
  }
  console.log(problem ? `FAIL ${name}: ${problem}` : `ok   ${name}`);
  results.push({ passed: problem ? 0 : 1, failed: problem ? 1 : 0 });
}

function unlike(got, expected, relative) {
  if (got.length !== expected.length) return `${got.length} values, expected ${expected.length}`;
  const at = expected.findIndex(
    (value, i) => !(Math.abs(got[i] - value) <= relative * Math.max(Math.abs(value), Math.abs(got[i]))),
  );
  return at < 0 ? undefined : `value ${at} is ${got[at]}, expected ${expected[at]}`;
}

const normOf = (vector) => Math.hypot(...vector);
const fixture = (name) => join(fixtures, `test-model-${name}`);
const short = recorded('short');

await check('float32, short text', async () =>
  unlike(await embed(fixture('float32'), SHORT), short, RELATIVE),
);
await check('float32, long text', async () =>
  unlike(await embed(fixture('float32'), LONG), recorded('long'), RELATIVE),
);
await check('vocabulary quantised, long text', async () =>
  unlike(await embed(fixture('vocab-quantized'), LONG), recorded('vocab_quantized'), RELATIVE),
);
for (const dtype of ['float16', 'int8']) {
  await check(`${dtype} is near float32`, async () =>
    unlike(await embed(fixture(dtype), SHORT), short, QUANTISED),
  );
}

const SENTENCE_TRANSFORMERS = { normalize: true };
const NATIVE = { model_type: 'model2vec', normalize: false };
const nested = laidOut('nested', 'test-model-sentence-transformers', '0_StaticEmbedding', {
  'config_sentence_transformers.json': SENTENCE_TRANSFORMERS,
});
const deep = laidOut('deep', 'test-model-sentence-transformers', 'some/path/0_StaticEmbedding', {
  'some/path/config_sentence_transformers.json': SENTENCE_TRANSFORMERS,
});
const layouts = [
  ['config_sentence_transformers.json beside the files', fixture('sentence-transformers'), {}],
  ['0_StaticEmbedding below config_sentence_transformers.json', nested, {}],
  ['the same below a subfolder', deep, { subfolder: 'some/path' }],
];
for (const [name, folder, options] of layouts) {
  await check(name, async () => unlike(await embed(folder, SHORT, options), short, RELATIVE));
}
await check('config.json comes before config_sentence_transformers.json', async () => {
  const both = laidOut('both', 'test-model-float32', '.', {
    'config_sentence_transformers.json': SENTENCE_TRANSFORMERS,
    'config.json': NATIVE,
  });
  const norm = normOf(await embed(both, SHORT));
  return Math.abs(norm - 1) > 1e-3 ? undefined : `norm ${norm}: normalize of the other file was used`;
});
await check('normalize of the call comes before the file', async () => {
  const unit = normOf(await embed(fixture('float32'), 'test sentence'));
  const raw = normOf(await embed(fixture('float32'), 'test sentence', { normalize: false }));
  return Math.abs(unit - 1) < 1e-5 && raw > unit ? undefined : `norms ${unit} and ${raw}`;
});
await check('an empty text gives zeros', async () => {
  const vector = await embed(fixture('float32'), '');
  return vector.every((value) => value === 0) ? undefined : `${vector}`;
});
await check('a folder with no model says so', async () => {
  const outcome = await embed(fixtures, SHORT).catch((error) => error);
  return outcome instanceof Error && typeof outcome.code === 'string' ? undefined : `${outcome}`;
});
rmSync(work, { recursive: true });
finish(results);
