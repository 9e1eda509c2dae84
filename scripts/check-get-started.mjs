#!/usr/bin/env node
// Follows guides of docs/guides in an empty folder. Packs the packages, installs the tarballs, runs the program of get-started.md,
// searches with the installed command line, opens the page of browsers-and-bundlers.md in Chromium and calls the agents' search.
// Compares what they print with the guides. Prints "N passed, N failed".
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findBrowser, installBrowser } from './browser.mjs';
import { root } from './project-install.mjs';
import { pageShows } from './publishing/page.mjs';
import { runProgram } from './publishing/program.mjs';
import { serveFolder } from './static-server.mjs';
import { finish } from './suite.mjs';

const guide = (name) => readFileSync(join(root, `docs/guides/${name}.md`), 'utf8');
const [, program] = /```ts run\n([\s\S]*?)```/.exec(guide('get-started'));
const [, expected] = /```text\n([\s\S]*?)```/.exec(guide('get-started'));
const [, page, shown] = /```html\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)\n```/.exec(
  guide('browsers-and-bundlers'),
);
const folder = mkdtempSync(join(tmpdir(), 'get-started-'));
const results = [];

async function check(name, command, args, accepts = () => true) {
  const { ok, stdout, output } = await runProgram(command, args, { cwd: folder });
  return record(name, ok && accepts(stdout), output);
}

function record(name, holds, output) {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
  if (!holds) console.log(output.trimEnd().replace(/^/gm, '     | '));
  results.push({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 });
  return holds;
}

if (await check('npm run pack', 'npm', ['--prefix', root, 'run', 'pack'])) {
  const tarballs = readdirSync(join(root, 'tarballs')).map((file) => join(root, 'tarballs', file));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'search.mjs'), program);
  writeFileSync(join(folder, 'notes.md'), '# Notes\n\nThe key of the bicycle shed hangs behind the door.\n');
  await check('npm install tarballs/*.tgz', 'npm', ['install', '--prefer-offline', ...tarballs]);
  await check('node search.mjs', process.execPath, ['search.mjs'], (stdout) => stdout === expected);
  await check('m2v find', 'npx', ['m2v', 'find', 'how do I open the bike store?', 'notes.md'], (stdout) =>
    stdout.includes('behind the door'),
  );
  const answer = await askAsAgent('how do I open the bike store?');
  record('m2v mcp', answer.includes('behind the door'), answer);
  await checkPage();
}
rmSync(folder, { recursive: true, force: true });
finish(results);

/** Calls the tool `search` as an agent does, one line of JSON per message, and returns the answer. */
async function askAsAgent(question) {
  const clientInfo = { name: 'get-started', version: '1.0.0' };
  const start = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  const messages = [
    { id: 1, method: 'initialize', params: start },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'search', arguments: { question } } },
  ];
  const program = join(folder, 'node_modules/.bin/m2v');
  const server = spawn(process.execPath, [program, 'mcp', 'notes.md'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for (const message of messages) server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let last = '';
  for await (const line of createInterface({ input: server.stdout })) {
    last = line;
    if (JSON.parse(line).id === 2) server.stdin.end();
  }
  return last;
}

/** Opens the page without a bundler as the guide lays it out. */
async function checkPage() {
  const reason = findBrowser() === undefined ? installBrowser() : undefined;
  const browser = findBrowser();
  if (browser === undefined) {
    console.log(`SKIPPED the page without a bundler: ${reason ?? 'the installed browser was not found'}`);
    return;
  }
  const site = join(folder, 'site');
  const installed = join(folder, 'node_modules/@model2vec-ts');
  mkdirSync(site);
  cpSync(join(installed, 'embedding-function/dist/browser.js'), join(site, 'browser.js'));
  cpSync(join(installed, 'model-minilm-l6-64/model'), join(site, 'model'), { recursive: true });
  writeFileSync(join(site, 'index.html'), page);
  const server = await serveFolder(site);
  const isShown = await pageShows(browser, server.address, shown);
  record('the page without a bundler', isShown, `the page does not show ${shown}`);
  await server.close();
}
