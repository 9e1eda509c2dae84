import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { M2V } from './run-m2v.js';

const REPORT = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write('\\n' + (user + system));
});`;

/** Microseconds of processor time of each call, the least of several runs. A busy machine lengthens it little. */
function processorTimes(calls: readonly (readonly string[])[], rounds: number): number[] {
  const times = calls.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    calls.forEach((args, i) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', `data:text/javascript,${encodeURIComponent(REPORT)}`, ...args],
        { encoding: 'utf8' },
      );
      expect(status).toBe(0);
      times[i] = Math.min(times[i]!, Number(stderr.split('\n').at(-1)));
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

it('embeds a text with a few times the processor time that Node needs to start', () => {
  const [node, embed] = processorTimes(
    [
      ['-e', '0'],
      [M2V, 'embed', 'a text'],
    ],
    5,
  );
  // An embedding takes 2.0 to 2.4 times that of Node 20, on an idle and on a busy machine. Node 24 starts in half of the time.
  expect(node).toBeGreaterThan(1000);
  expect(embed! / node!).toBeLessThan(Number(process.versions.node.split('.')[0]) < 22 ? 4 : 8);
});
