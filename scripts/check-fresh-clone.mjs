#!/usr/bin/env node
// Clones the last commit into an empty folder and runs the first of the README's two commands there: it must print
// every document of the example under each query, each with its similarity. Prints 'N passed, N failed'.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './project-install.mjs';
import { finish } from './suite.mjs';

const ranked = (query, best) =>
  new RegExp(`${query}\\n\\s*1\\. [^\\n]*${best}[^\\n]*\\n\\s*2\\. [^\\n]+\\n\\s*3\\. `);

const EXPECTED = [
  ['the dimensions', /\b256\b/],
  ['the first document', /Artificial intelligence was founded as an academic discipline in 1956\./],
  ['the second document', /Alan Turing was the first person to conduct substantial research in AI\./],
  ['the third document', /Born in Maida Vale, London, Turing was raised in southern England\./],
  ['the first query', /When was artificial intelligence founded/],
  ['the second query', /Where was Alan Turing born\?/],
  ['similarities', /-?\b0\.\d{2,}/],
  // Each query lists all three documents by rank, the answer first.
  [
    'the first answers',
    ranked('When was artificial intelligence founded', 'Artificial intelligence was founded'),
  ],
  ['the second answers', ranked('Where was Alan Turing born\\?', '(?:Alan Turing was|Born in Maida Vale)')],
  // Without Python it must say so, and print the commands that it skips.
  ['a search in Milvus Lite', /3 hits in docs, hybrid search|It cannot run here: [^\n]*Python/],
];

const folder = mkdtempSync(join(tmpdir(), 'fresh-clone-'));
const clone = join(folder, 'project');
// Clones the commit, because nobody else has uncommitted changes.
const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone], { encoding: 'utf8' });
let output = cloned.stderr;
let status = cloned.status;
if (status === 0) {
  const run = spawnSync('npm', ['run', 'quickstart'], {
    cwd: clone,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
  output = stripVTControlCharacters(`${run.stdout}${run.stderr}`);
  status = run.status;
}
console.log(output);
const checks = [
  ['npm run quickstart ends well', status === 0],
  ...EXPECTED.map(([name, pattern]) => [`prints ${name}`, pattern.test(output)]),
];
for (const [name, holds] of checks) console.log(`${holds ? 'ok  ' : 'FAIL'} ${name}`);
rmSync(folder, { recursive: true, force: true });
finish(checks.map(([, holds]) => ({ passed: holds ? 1 : 0, failed: holds ? 0 : 1 })));
