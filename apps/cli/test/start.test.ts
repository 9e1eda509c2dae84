import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { M2V } from './run-m2v.js';

/** Milliseconds of the fastest of several runs, for each call; runs take turns, so that a busy machine slows all. */
function fastest(calls: readonly (readonly string[])[], rounds: number): number[] {
  const times = calls.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    calls.forEach((args, i) => {
      const begun = performance.now();
      expect(spawnSync(process.execPath, args).status).toBe(0);
      times[i] = Math.min(times[i]!, performance.now() - begun);
    });
  }
  return times;
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

it('opens few files for a version, an embedding and a search', () => {
  expect(importedFiles('--version').length).toBeLessThanOrEqual(2);
  // Before the program was bundled, it opened 69.
  const embedding = importedFiles('embed', 'a text');
  expect(embedding.length).toBeGreaterThan(5);
  expect(embedding.length).toBeLessThanOrEqual(25);
  const found = importedFiles('find', 'a text', fileURLToPath(import.meta.url));
  expect(found.length).toBeLessThanOrEqual(30);
  expect(found.filter((file) => /milvus-adapter|plot|linkedom|string-width/.test(file))).toEqual([]);
});

it('embeds a text within a few times what Node needs to start', () => {
  const [node, embed] = fastest(
    [
      ['-e', '0'],
      [M2V, 'embed', 'a text'],
    ],
    5,
  );
  // Node 20 starts in 90 ms, and an embedding takes 2.1 times that; Node 24 starts in half of the time.
  expect(embed! / node!).toBeLessThan(Number(process.versions.node.split('.')[0]) < 22 ? 4 : 8);
});
