#!/usr/bin/env node
// Runs Lighthouse on one page of each kind of the built site, as a phone and as a desktop, and prints a table of its scores
// and measurements: the median run by performance. The last column is Lighthouse's benchmark of the machine during the run; it
// simulates a mid-range phone if that is about 1,300, and a slower one on a slower or busier machine.
// Ends with code 1 if a score is below 95.
//   node scripts/lighthouse.mjs [--runs N] [--form phone|desktop] [PAGE...]
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../../../scripts/browser.mjs';
import { runProgram } from '../../../scripts/publishing/program.mjs';
import { serveFolder } from '../../../scripts/static-server.mjs';
import { docs, root } from './places.mjs';

/** The last version that runs on Node 20. */
const VERSION = '12.8.2';
const LOWEST = 95;
const PAGES = {
  start: '',
  guide: 'guides/hub.html',
  'guide with charts': 'guides/performance.html',
  package: 'packages/search/',
  reference: 'reference/embedding-function/classes/Model2VecEmbeddingFunction.html',
  module: 'reference/embedding-function/',
  demo: 'demo.html',
  architecture: 'architecture.html',
  changelog: 'changelog.html',
};

const { values, positionals: chosen } = parseArgs({
  options: { runs: { type: 'string', default: '1' }, form: { type: 'string' } },
  allowPositionals: true,
});
const cache = join(root, '.cache/lighthouse');
mkdirSync(cache, { recursive: true });
const program = join(cache, 'node_modules/lighthouse/cli/index.js');
if (!existsSync(program)) await must('npm', ['install', '--prefix', cache, `lighthouse@${VERSION}`]);

const server = await serveFolder(join(docs, 'dist'), { compressed: true });
let isBelow = false;
console.log(
  '| Page | Form | Performance | Accessibility | Best practices | SEO | First paint | Largest paint | Blocked | Shift | Machine |',
);
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [name, path] of Object.entries(PAGES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const form of ['phone', 'desktop']) {
    if (values.form !== undefined && values.form !== form) continue;
    const runs = [];
    for (let run = 0; run < Number(values.runs); run++)
      runs.push(await measure(path, form, `${name}-${form}`));
    const { scores, figures } = runs.sort((a, b) => a.scores[0] - b.scores[0])[runs.length >> 1];
    isBelow ||= scores.some((score) => score < LOWEST);
    console.log(`| ${[name, form, ...scores, ...figures].join(' | ')} |`);
  }
}
await server.close();
process.exitCode = isBelow ? 1 : 0;

async function measure(path, form, name) {
  const file = join(cache, `${name}.json`);
  await must(process.execPath, [
    program,
    server.address + path,
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
    ...(form === 'desktop' ? ['--preset=desktop'] : []),
  ]);
  const { categories, audits, environment } = JSON.parse(readFileSync(file, 'utf8'));
  const value = (audit) => audits[audit].numericValue;
  return {
    scores: Object.values(categories).map(({ score }) => Math.round(score * 100)),
    figures: [
      `${Math.round(value('first-contentful-paint'))} ms`,
      `${Math.round(value('largest-contentful-paint'))} ms`,
      `${Math.round(value('total-blocking-time'))} ms`,
      value('cumulative-layout-shift').toFixed(3),
      Math.round(environment.benchmarkIndex),
    ],
  };
}

async function must(command, args) {
  const { ok, output } = await runProgram(command, args, { env: { CHROME_PATH: findBrowser() } });
  if (!ok) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
