import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { M2V } from './run-m2v.js';

// Node reads this file at each start, which can take twice as long as everything else.
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** Value of an expression when a call exits. */
function atExit(expression: string, ...args: readonly string[]): string {
  const report = `process.on('exit', () => process.stderr.write('\\n' + (${expression})))`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    { encoding: 'utf8', env: ENVIRONMENT },
  );
  expect(status).toBe(0);
  return stderr.split('\n').at(-1)!;
}

/** Microseconds of processor time of a call, which a busy machine lengthens less than its duration. */
function processorTime(...args: readonly string[]): number {
  return Number(atExit('Object.values(process.cpuUsage()).reduce((sum, time) => sum + time)', ...args));
}

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
  expect(embedding.length).toBeLessThanOrEqual(16);
  expect(codeBytes(embedding)).toBeLessThan(430_000);
  const found = importedFiles('find', 'a text', fileURLToPath(import.meta.url));
  expect(found.length).toBeLessThanOrEqual(22);
  expect(found.filter((file) => /milvus-adapter|plot|linkedom|string-width/.test(file))).toEqual([]);
});

it("embeds a text without Node's cryptography, which takes long to load", () => {
  const modules = atExit('process.moduleLoadList.join()', M2V, 'embed', 'a text').split(',');
  expect(modules).toContain('NativeModule fs');
  expect(modules).not.toContain('NativeModule crypto');
});

it('embeds a text with a small multiple of the processor time that Node needs to start', () => {
  const ratios = Array.from({ length: 9 }, () => {
    const node = processorTime('-e', '0');
    return processorTime(M2V, 'embed', 'a text') / node;
  });
  // With Node 20 between 4.7 and 5.2: Node takes 40 ms. Node 24 starts in half of the time.
  const median = ratios.sort((a, b) => a - b)[ratios.length >> 1]!;
  expect(median).toBeGreaterThan(1);
  expect(median).toBeLessThan(Number(process.versions.node.split('.')[0]) < 22 ? 6.5 : 13);
});
