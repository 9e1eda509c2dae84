#!/usr/bin/env node
// Runs Lighthouse on one page of each kind of the built site, as a phone and as a desktop, and prints a table of its scores.
// Ends with code 1 if a score is below 95.
//   node scripts/lighthouse.mjs [PAGE...]
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const chosen = process.argv.slice(2);
const cache = join(root, '.cache/lighthouse');
mkdirSync(cache, { recursive: true });
const program = join(cache, 'node_modules/lighthouse/cli/index.js');
if (!existsSync(program)) await must('npm', ['install', '--prefix', cache, `lighthouse@${VERSION}`]);

const server = await serveFolder(join(docs, 'dist'), { compressed: true });
let isBelow = false;
console.log('| Page | Form | Performance | Accessibility | Best practices | SEO |');
console.log('| --- | --- | ---: | ---: | ---: | ---: |');
for (const [name, path] of Object.entries(PAGES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const form of ['phone', 'desktop']) {
    const report = join(cache, `${name}-${form}.json`);
    await must(process.execPath, [
      program,
      server.address + path,
      '--quiet',
      '--output=json',
      `--output-path=${report}`,
      '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
      ...(form === 'desktop' ? ['--preset=desktop'] : []),
    ]);
    const { categories } = JSON.parse(readFileSync(report, 'utf8'));
    const scores = Object.values(categories).map(({ score }) => Math.round(score * 100));
    isBelow ||= scores.some((score) => score < LOWEST);
    console.log(`| ${[name, form, ...scores].join(' | ')} |`);
  }
}
await server.close();
process.exitCode = isBelow ? 1 : 0;

async function must(command, args) {
  const { ok, output } = await runProgram(command, args, { env: { CHROME_PATH: findBrowser() } });
  if (!ok) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
