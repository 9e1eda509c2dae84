import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { codeBlocks } from './code-blocks.mjs';

function blocksOf(text) {
  const folder = mkdtempSync(join(tmpdir(), 'code-blocks-'));
  try {
    writeFileSync(join(folder, 'document'), text);
    return codeBlocks(join(folder, 'document'), 'document');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a block of TypeScript is found with the line it starts at', () => {
  assert.deepEqual(blocksOf('# Title\n\n```ts\nconst a = 1;\n```\n'), [
    {
      file: 'document',
      line: 4,
      code: 'const a = 1;',
      run: false,
      client: false,
      path: undefined,
      extension: 'ts',
    },
  ]);
});

test('a block in a doc comment loses the stars and keeps its indentation', () => {
  const [block] = blocksOf('/**\n * @example\n * ```ts\n * if (a) {\n *   b();\n * }\n *\n * ```\n */\n');
  assert.equal(block.code, 'if (a) {\n  b();\n}\n');
  assert.equal(block.line, 4);
});

test('a block in a list loses the indentation of the list', () => {
  const [block] = blocksOf('- item\n\n  ```ts\n  a();\n    b();\n  ```\n');
  assert.equal(block.code, 'a();\n  b();');
});

test('other languages and blocks marked no-check are left alone', () => {
  assert.deepEqual(blocksOf('```sh\nls\n```\n```ts no-check\nbroken(\n```\n```json\n{}\n```\n'), []);
});

test('a block marked run is selected to run', () => {
  assert.equal(blocksOf('```ts run\na();\n```\n')[0].run, true);
});

test('a block marked prints is the output of the block before it', () => {
  const blocks = blocksOf('```ts run\na();\n```\nThis prints:\n\n```text prints\n1\n2\n```\n');
  assert.deepEqual([blocks.length, blocks[0].prints], [1, '1\n2']);
});

test('a block that names a file becomes that file', () => {
  assert.equal(blocksOf('```ts file=src/a.ts\na();\n```\n')[0].path, 'src/a.ts');
});

test('a block with JSX has the extension that the compiler expects', () => {
  assert.equal(blocksOf('```tsx\n<a />;\n```\n')[0].extension, 'tsx');
});

test('a fence inside a block of another language opens nothing', () => {
  assert.deepEqual(blocksOf('````md\n```ts\na();\n```\n````\n'), []);
});

test('a block that needs packages of a client is marked', () => {
  const [block] = blocksOf('```ts client run\nconst a = 1;\n```\n');
  assert.deepEqual([block.client, block.run], [true, true]);
});
