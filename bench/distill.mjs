#!/usr/bin/env node
// Times making a model: node bench/distill.mjs TEACHER TEXTS [--count N] [--cache FOLDER] [--python PYTHON]
//   TEACHER  folder of a sentence transformer
//   TEXTS    file of texts, a line each, gzipped or not
//   PYTHON   interpreter with model2vec[distill]; its distill then runs beside ours
// Prints the teacher's texts a second, the seconds of distill, those of each part of adapt, and the peak memory. The packages
// must be built. The teacher's vectors stay in .cache/, so that a second run times the fit alone.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { root } from '../scripts/project-install.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '60000' },
    cache: { type: 'string', default: join(root, '.cache/teacher-vectors') },
    python: { type: 'string' },
  },
});
const say = (line) => process.stdout.write(`${line}\n`);
const [folder, file] = positionals;
if (file === undefined) {
  process.stderr.write('give the folder of a teacher and a file of texts\n');
  process.exit(2);
}
const { adapt, distill, loadTeacher } = await import(
  pathToFileURL(join(root, 'packages/distill/dist/index.js')).href
);
const bytes = readFileSync(file);
const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
const texts = text.split('\n').filter(Boolean).slice(0, Number(values.count));

say(`${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}, ${texts.length} texts`);
const seconds = (since) => (performance.now() - since) / 1000;
const teacher = await loadTeacher(folder);
await teacher.encode(texts.slice(0, 64));
const taught = performance.now();
const sample = texts.filter((_, i) => i % Math.ceil(texts.length / 2000) === 0);
await teacher.encode(sample);
say(`teacher: ${(sample.length / seconds(taught)).toFixed(0)} texts/s`);

const distilled = performance.now();
await distill(teacher);
say(`distill: ${seconds(distilled).toFixed(1)} s`);
if (values.python !== undefined) {
  const script = [
    'import sys, time',
    'from model2vec.distill import distill',
    'begun = time.perf_counter()',
    'distill(sys.argv[1])',
    'print(f"{time.perf_counter() - begun:.1f}")',
  ].join('\n');
  const output = execFileSync(values.python, ['-c', script, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  say(`distill in Python, without its imports: ${output.trim().split('\n').at(-1)} s`);
}

const since = new Map();
const result = await adapt(teacher, texts, {
  cacheDir: values.cache,
  onProgress: ({ stage }) => {
    if (!since.has(stage)) since.set(stage, performance.now());
  },
});
const stages = [...since];
stages.forEach(([stage, start], i) => {
  const end = stages[i + 1]?.[1] ?? performance.now();
  say(`adapt, ${stage}: ${((end - start) / 1000).toFixed(1)} s`);
});
const { lambda, trials } = result;
say(
  `${result.cachedTexts} texts from the cache, ${result.seconds.fit.toFixed(1)} s after the teacher's vectors`,
);
say(`lambda ${lambda}: ${trials.map((trial) => `${trial.lambda} ${trial.retention.toFixed(3)}`).join(', ')}`);
say(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
await teacher.close();
