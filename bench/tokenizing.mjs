#!/usr/bin/env node
// Measures tokenizing alone, in texts per second on one thread: this project's fast and readable paths, and with --python
// Python's tokenizers in the same run.
//   node bench/tokenizing.mjs --corpus TEXTS.txt[.gz] [--rounds 9] [--batch 512] [--python PYTHON] TOKENIZER.json...
// Ids are compared before anything is timed. `cold` is the first pass of a new tokenizer over the corpus, `warm` are
// those after it, `single` is encode() of one text at a time, `readable` is part of the corpus without the fast path.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const say = (line) => process.stdout.write(`${line}\n`);

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    corpus: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    batch: { type: 'string', default: '512' },
    python: { type: 'string' },
  },
});
const built = fileURLToPath(new URL('../packages/tokenizer/dist/node/index.js', import.meta.url));
if (!values.corpus || files.length === 0 || !existsSync(built)) {
  say(
    existsSync(built)
      ? 'usage: node bench/tokenizing.mjs --corpus TEXTS.txt[.gz] [--rounds N] [--batch N] [--python PYTHON] TOKENIZER.json...'
      : 'the tokenizer is not built; run `npx turbo run build` first',
  );
  process.exit(2);
}
const { loadTokenizer } = await import(pathToFileURL(built).href);

const rounds = Number(values.rounds);
const batch = Number(values.batch);
/** Texts of a pass without WebAssembly, which takes forty times as long. */
const SLOW_TEXTS = 10_000;

const bytes = readFileSync(values.corpus);
const texts = (values.corpus.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  .toString('utf8')
  .trimEnd()
  .split('\n');
const batches = [];
for (let i = 0; i < texts.length; i += batch) batches.push(texts.slice(i, i + batch));
const slowTexts = texts.slice(0, SLOW_TEXTS);

/** Returns texts per second for passes of `count` texts, sorted by speed. */
function ratesOf(count, passes, pass) {
  const rates = [];
  for (let i = 0; i < passes; i++) {
    const start = performance.now();
    pass();
    rates.push((count / (performance.now() - start)) * 1e3);
  }
  return rates.sort((a, b) => a - b);
}

const median = (rates) => rates[rates.length >> 1];
const shown = (rate) => Math.round(rate).toLocaleString('en-US');
const spread = (rates) => `${shown(median(rates))}  (${shown(rates[0])} to ${shown(rates.at(-1))})`;

const PYTHON = `
import json, sys, time
from tokenizers import Tokenizer, __version__
texts = json.load(open(sys.argv[2]))
tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_truncation()
tokenizer.no_padding()
batches = [texts[i:i + 1024] for i in range(0, len(texts), 1024)]
rates, ids = [], []
for pass_ in range(int(sys.argv[3])):
    start = time.perf_counter()
    encodings = [e for batch in batches for e in tokenizer.encode_batch_fast(batch, add_special_tokens=False)]
    rates.append(len(texts) / (time.perf_counter() - start))
    ids = [e.ids for e in encodings] if pass_ == 0 else ids
print(json.dumps({"version": __version__, "rates": sorted(rates), "ids": ids}))
`;

function pythonOf(file, work) {
  const input = join(work, 'texts.json');
  writeFileSync(input, JSON.stringify(slowTexts));
  const { status, stdout, stderr } = spawnSync(values.python, ['-c', PYTHON, file, input, '5'], {
    env: { ...process.env, TOKENIZERS_PARALLELISM: 'false', RAYON_NUM_THREADS: '1' },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${values.python} failed: ${stderr}`);
  return JSON.parse(stdout);
}

const encodeAll = (tokenizer) => {
  for (const each of batches) tokenizer.encodeBatch(each);
};

/** Returns the index of the first text whose ids differ, or -1. */
const firstDifference = (expected, { ids, offsets }) =>
  expected.findIndex((each, i) => {
    const got = ids.subarray(offsets[i], offsets[i + 1]);
    return each.length !== got.length || !each.every((id, j) => id === got[j]);
  });

say(
  `${texts.length} texts, batches of ${batch}, ${rounds} rounds; ${cpus()[0].model}, Node ${process.version}`,
);
let problems = 0;
for (const file of files) {
  const json = readFileSync(file, 'utf8');
  const fast = loadTokenizer(json);
  const readable = loadTokenizer(json, { path: 'readable' });
  say(`\n${basename(file)} (${fast.family}, ${fast.vocabularySize} tokens), path ${fast.path}`);
  const cold = ratesOf(texts.length, 1, () => encodeAll(fast));
  const wrong = firstDifference(
    texts.map((text) => readable.encode(text)),
    fast.encodeBatch(texts),
  );
  if (wrong !== -1) {
    say(`  the paths differ for ${JSON.stringify(texts[wrong])}`);
    problems++;
    continue;
  }
  const warm = ratesOf(texts.length, rounds, () => encodeAll(fast));
  const single = ratesOf(texts.length, Math.min(rounds, 5), () => {
    for (const each of texts) fast.encode(each);
  });
  const slow = ratesOf(slowTexts.length, 3, () => readable.encodeBatch(slowTexts));
  say(`  warm      ${spread(warm)}`);
  say(`  cold      ${shown(cold[0])}`);
  say(`  single    ${spread(single)}, ${(1e6 / median(single)).toFixed(2)} µs a text`);
  say(`  readable  ${spread(slow)}`);
  if (values.python === undefined) continue;
  const work = mkdtempSync(join(tmpdir(), 'tokenizing-'));
  const { version, rates, ids } = pythonOf(file, work);
  rmSync(work, { recursive: true, force: true });
  const differs = firstDifference(ids, fast.encodeBatch(slowTexts));
  if (differs !== -1) {
    say(`  Python's ids differ for ${JSON.stringify(texts[differs])}`);
    problems++;
    continue;
  }
  const ratio = (ours) => `${(median(ours) / median(rates)).toFixed(1)} ×`;
  say(
    `  tokenizers ${version}, encode_batch_fast: ${spread(rates)}; warm ${ratio(warm)}, cold ${ratio(cold)}`,
  );
}
process.exitCode = problems > 0 ? 1 : 0;
