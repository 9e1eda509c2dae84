import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { root } from './project-install.mjs';

const CLEAN = {
  'package.json': JSON.stringify({ name: 'planted', private: true, type: 'module' }),
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'packages/tokenizer/package.json': JSON.stringify({
    name: '@planted/tokenizer',
    type: 'module',
    exports: { '.': { '@model2vec-ts/source': './src/index.ts', default: './dist/index.js' } },
  }),
  'packages/tokenizer/src/index.ts': "export { word } from './word.js';\n",
  'packages/tokenizer/src/word.ts': "import { letter } from './letter.js';\n\nexport const word = letter;\n",
  'packages/tokenizer/src/letter.ts': "export const letter = 'a';\n",
};

const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs the check on a project of a few files; `planted` replaces or adds some. */
function check(planted) {
  const folder = mkdtempSync(join(tmpdir(), 'structure-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({ ...CLEAN, ...planted })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const file of ['.dependency-cruiser.mjs', 'knip.jsonc', 'tsconfig.base.json'])
    cpSync(join(root, file), join(folder, file));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'scripts/check-structure.mjs'), '--root', folder],
      (error, stdout) => resolve({ code: error?.code ?? 0, output: stdout }),
    );
  });
}

test('a project without cycles and dead exports passes', async () => {
  const { code, output } = await check({});
  assert.match(output, /^2 passed, 0 failed$/m);
  assert.equal(code, 0);
});

test('a cycle of type-only imports fails', async () => {
  const { code, output } = await check({
    'packages/tokenizer/src/letter.ts':
      "import type { Word } from './word.js';\n\nexport const letter: Word = 'a';\n",
    'packages/tokenizer/src/word.ts':
      "import { letter } from './letter.js';\n\nexport type Word = string;\nexport const word = letter;\n",
  });
  assert.match(output, /no-cycle: .*letter\.ts|no-cycle: .*word\.ts/);
  assert.match(output, /^1 passed, 1 failed$/m);
  assert.equal(code, 1);
});

test('a dead export fails', async () => {
  const { code, output } = await check({
    'packages/tokenizer/src/letter.ts': "export const letter = 'a';\nexport const unused = 'b';\n",
  });
  assert.match(output, /unused .*letter\.ts/);
  assert.match(output, /^1 passed, 1 failed$/m);
  assert.equal(code, 1);
});

test('an import across a package border fails', async () => {
  const { output } = await check({
    'packages/static-model/package.json': JSON.stringify({ name: '@planted/static-model', type: 'module' }),
    'packages/static-model/src/index.ts': "export { letter } from '../../tokenizer/src/letter.js';\n",
  });
  assert.match(output, /public-exports-only/);
  assert.match(output, /static-model-border/);
});
