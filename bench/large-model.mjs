#!/usr/bin/env node
// Loads a model of 250,000 tokens × 512 dimensions, 128 million parameters, which is made here from a seed:
//   node bench/large-model.mjs [--family Unigram|WordPiece|BPE] [--tokens 250000] [--dim 512] [--folder FOLDER] [--python PYTHON]
// Needs a build and about 600 MB of disk. Each load runs in its own process, which prints the time from import to the first
// vector and its peak memory; the vector is compared with the js kernel's. The first load makes the tables of the tokenizer,
// and later loads read them; figures are medians of 5. --python names an interpreter with model2vec, which then loads the
// same folder.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    family: { type: 'string', default: 'Unigram' },
    tokens: { type: 'string', default: '250000' },
    dim: { type: 'string', default: '512' },
    folder: { type: 'string' },
    python: { type: 'string' },
  },
});
const say = (line) => process.stdout.write(`${line}\n`);
const [tokens, dim] = [Number(flags.tokens), Number(flags.dim)];
const TEXT = 'the quick brown fox jumps over the lazy dog, and nobody minds';

let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Generates distinct words: all letters, the words of the text, then random ones. */
function vocabulary() {
  const words = new Set([...LETTERS, ',', ...TEXT.replace(',', '').split(' ')]);
  while (words.size < tokens - 2) {
    let word = '';
    for (let left = 2 + Math.floor(9 * random()); left > 0; left--)
      word += LETTERS[Math.floor(26 * random())];
    words.add(word);
  }
  return [...words];
}

/** Builds a `tokenizer.json` of the family over the words. */
function tokenizerJson(words) {
  const common = { version: '1.0', truncation: null, padding: null, post_processor: null, decoder: null };
  const unknown = (content, id) => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  });
  if (flags.family === 'Unigram') {
    const vocab = [
      ['<unk>', 0],
      ['▁', -3],
      ...words.map((word, i) => [i % 2 ? `▁${word}` : word, -4 - i / 1e4]),
    ];
    const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
    return {
      ...common,
      added_tokens: [unknown('<unk>', 0)],
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: metaspace,
      model: { type: 'Unigram', unk_id: 0, vocab, byte_fallback: false },
    };
  }
  const vocab = Object.fromEntries(['[UNK]', '[PAD]', ...words].map((word, id) => [word, id]));
  const model =
    flags.family === 'BPE'
      ? {
          type: 'BPE',
          dropout: null,
          unk_token: '[UNK]',
          vocab,
          merges: [],
          fuse_unk: false,
          byte_fallback: false,
        }
      : {
          ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' },
          ...{ max_input_chars_per_word: 100, vocab },
        };
  return {
    ...common,
    added_tokens: [unknown('[UNK]', 0)],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model,
  };
}

function writeModel(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson(vocabulary())));
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ model_type: 'model2vec', normalize: true, hidden_dim: dim }),
  );
  const size = tokens * dim * 4;
  const header = JSON.stringify({
    embeddings: { dtype: 'F32', shape: [tokens, dim], data_offsets: [0, size] },
  }).padEnd(256);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, length);
  writeSync(file, header);
  const rows = 1000;
  const part = new Float32Array(rows * dim);
  for (let row = 0; row < tokens; row += rows) {
    for (let i = 0; i < part.length; i++) part[i] = random() - 0.5;
    writeSync(file, part, 0, Math.min(rows, tokens - row) * dim * 4);
  }
  closeSync(file);
}

const facade = new URL('../packages/embedding-function/dist/node/index.js', import.meta.url).href;
const OURS = `
const [kernel, folder, text] = process.argv.slice(1);
const start = performance.now();
const { Model2VecEmbeddingFunction } = await import(${JSON.stringify(facade)});
const embedder = await Model2VecEmbeddingFunction.create({ modelSource: folder, kernel, threads: 1 });
const { data } = embedder.encodeSync([text]);
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, mib: process.resourceUsage().maxRSS / 1024, values: [...data] }));`;
const PYTHON = `
import json, resource, sys, time
start = time.perf_counter()
from model2vec import StaticModel
values = StaticModel.from_pretrained(sys.argv[1]).encode([sys.argv[2]])[0]
ms = (time.perf_counter() - start) * 1e3
mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"ms": ms, "mib": mib, "values": [float(x) for x in values]}))`;

const assets = mkdtempSync(join(tmpdir(), 'm2v-assets-'));

function run(command, args) {
  const env = { ...process.env, HF_ASSETS_CACHE: assets };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command} failed: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

const folder = flags.folder ?? mkdtempSync(join(tmpdir(), 'm2v-large-'));
try {
  if (!existsSync(join(folder, 'model.safetensors'))) writeModel(folder);
  say(
    `${flags.family}, ${tokens} × ${dim} float32: ${((tokens * dim * 4) / 2 ** 20).toFixed(0)} MiB; ${cpus()[0].model}, Node ${process.version}`,
  );
  const ours = (kernel) => run(process.execPath, ['--input-type=module', '-e', OURS, kernel, folder, TEXT]);
  const fresh = (kernel) => {
    rmSync(assets, { recursive: true, force: true });
    return ours(kernel);
  };
  const middle = (runs) => runs.sort((a, b) => a.ms - b.ms)[runs.length >> 1];
  const peers = {};
  for (const kernel of ['js', 'wasm', 'paged']) {
    peers[`${kernel}, first`] = middle([1, 2, 3, 4, 5].map(() => fresh(kernel)));
    peers[`${kernel}, later`] = middle([1, 2, 3, 4, 5].map(() => ours(kernel)));
  }
  if (flags.python) peers.Python = run(flags.python, ['-c', PYTHON, folder, TEXT]);
  for (const [name, { ms, mib, values }] of Object.entries(peers)) {
    const off = Math.max(...values.map((x, i) => Math.abs(x - peers['js, first'].values[i])));
    say(
      `${name.padEnd(12)} ${ms.toFixed(0).padStart(6)} ms to the first vector, at most ${mib.toFixed(0)} MiB, off by ${off} from js`,
    );
    if (!(off < 1e-6)) process.exitCode = 1;
  }
} finally {
  rmSync(assets, { recursive: true, force: true });
  if (flags.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
