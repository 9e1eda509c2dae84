import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { M2V } from './run-m2v.js';

/** Files that a call imports. */
function importedFiles(...args: string[]): string[] {
  const { stderr } = spawnSync(process.execPath, [M2V, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DEBUG: 'esm' },
    maxBuffer: 1 << 28,
  });
  return [...new Set(stderr.match(/file:\/\/\/[^\s',)]+\.m?js/g))];
}

/** Bytes of code that Node reads and compiles. */
const codeBytes = (files: readonly string[]): number =>
  files.reduce((bytes, file) => bytes + statSync(fileURLToPath(file)).size, 0);

it('opens few files and little code for a version, an embedding and a search', () => {
  expect(importedFiles('--version').length).toBeLessThanOrEqual(2);
  // Before the program was bundled, it opened 69.
  const embedding = importedFiles('embed', 'a text');
  expect(embedding.length).toBeGreaterThan(5);
  expect(embedding.length).toBeLessThanOrEqual(25);
  expect(codeBytes(embedding)).toBeLessThan(430_000);
  const found = importedFiles('find', 'a text', fileURLToPath(import.meta.url));
  expect(found.length).toBeLessThanOrEqual(30);
  expect(found.filter((file) => /milvus-adapter|plot|linkedom|string-width/.test(file))).toEqual([]);
});
