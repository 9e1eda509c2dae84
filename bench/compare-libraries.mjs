#!/usr/bin/env node
// Compares this project with transformers.js, fastembed and Python's model2vec: installed size, time from the start of a
// process to its first vector, texts per second of a first pass, and memory.
//   npm run pack && node bench/compare-libraries.mjs --model FOLDER --glosses FILE [--rounds 5]
//   FOLDER  all-MiniLM-L6-v2 as transformers.js reads it: tokenizer.json, config.json and onnx/model.onnx in float32
//   FILE    WordNet glosses, a line each, gzipped
// Installs everything into .cache/comparison. The programs are in bench/comparison; they take turns.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { preparePythonEnvironment } from '../scripts/python-environment.mjs';

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    glosses: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const cache = join(root, '.cache/comparison');
const STATIC_MODEL = join(root, 'packages/model-minilm-l6/model');
/** Texts for a static model, and for a transformer, which is thousands of times slower. */
const MANY = 60_000;
const FEW = 128;

const tarballs = readdirSync(join(root, 'tarballs')).filter((name) =>
  /-(embedding-function|model-minilm-l6|pooling-kernels|static-model|tokenizer)-\d/.test(name),
);
const SETUPS = [
  {
    name: '@model2vec-ts/embedding-function',
    program: 'model2vec-ts.mjs',
    install: tarballs.map((name) => join(root, 'tarballs', name)),
    texts: MANY,
  },
  {
    name: '@huggingface/transformers 4.3.2',
    program: 'transformers.mjs',
    install: ['@huggingface/transformers@4.3.2'],
    texts: FEW,
  },
  { name: 'fastembed 2.1.0', program: 'fastembed.mjs', install: ['fastembed@2.1.0'], texts: FEW },
];

const glosses = gunzipSync(readFileSync(flags.glosses)).toString('utf8').trimEnd().split('\n');
mkdirSync(cache, { recursive: true });
for (const count of [MANY, FEW]) {
  const step = Math.floor(glosses.length / count);
  const chosen = glosses.filter((_, i) => i % step === 0).slice(0, count);
  writeFileSync(join(cache, `${count}.txt`), chosen.join('\n'));
}

const cases = SETUPS.map(({ name, program, install, texts }) => {
  const folder = join(cache, program.replace('.mjs', ''));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  // The GPU's libraries, which ONNX Runtime would download, are not measured.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip' };
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...install], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  for (const file of [program, 'report.mjs'])
    copyFileSync(join(here, 'comparison', file), join(folder, file));
  const model = program === 'model2vec-ts.mjs' ? STATIC_MODEL : resolve(flags.model);
  return {
    name,
    texts,
    command: [process.execPath, join(folder, program), model],
    installed: join(folder, 'node_modules'),
  };
});
const python = preparePythonEnvironment({
  directory: join(root, '.cache/oracle-venv'),
  requirements: join(root, 'oracle/requirements.txt'),
});
cases.push({
  name: 'model2vec 0.10.0 (Python)',
  texts: MANY,
  command: [python, join(here, 'comparison/python_model2vec.py'), STATIC_MODEL],
  installed: dirname(dirname(python)),
});

const results = new Map(cases.map(({ name }) => [name, []]));
for (let round = 0; round < Number(flags.rounds); round++) {
  for (const { name, texts, command } of cases) results.get(name).push(await run(command, texts));
}
print(
  `${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}, median of ${flags.rounds} runs`,
);
print('library                            installed MB  first vector ms  texts/s, first pass  memory MiB');
for (const { name, installed } of cases) {
  const median = (field) =>
    results
      .get(name)
      .map((result) => result[field])
      .sort((a, b) => a - b)[Math.floor(flags.rounds / 2)];
  const cells = [megabytesOf(installed), median('ready'), median('rate'), median('megabytes')];
  const widths = [14, 17, 21, 12];
  print(
    name.padEnd(33) +
      cells.map((cell, i) => Math.round(cell).toLocaleString('en').padStart(widths[i])).join(''),
  );
}

/** Milliseconds until the first vector, and what the program reports. */
function run([file, ...args], texts) {
  return new Promise((done, fail) => {
    const began = performance.now();
    const child = spawn(file, [...args, join(cache, `${texts}.txt`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let ready;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (output.includes('ready')) ready ??= performance.now() - began;
    });
    child.once('error', fail);
    child.once('close', (code) => {
      if (code !== 0) return fail(new Error(`${args[0]} ended with ${code}`));
      done({ ready, ...JSON.parse(output.slice(output.indexOf('{'))) });
    });
  });
}

function megabytesOf(folder) {
  return Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
