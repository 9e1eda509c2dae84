import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WRITE_SAFETY } from '../../src/lite/programs/programs.generated.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn } from '../servers/shared-server.js';

const PROGRAM = fileURLToPath(new URL('./lite-threads.py', import.meta.url));

/** What the program prints. */
interface Outcome {
  readonly reads: number;
  readonly missed: number;
  readonly collections: number;
  readonly acknowledged: number;
  readonly lost: number;
}

await describeOn(
  'calls in several threads of the server',
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    const outcome = async (changes: string): Promise<Outcome> => {
      const folder = await mkdtemp(join(tmpdir(), 'm2v-threads-'));
      const output = await new Promise<string>((resolve, reject) => {
        const child = execFile(python, [PROGRAM, join(folder, 'data')], (error, stdout) =>
          error === null ? resolve(stdout) : reject(error),
        );
        child.stdin!.end(changes);
      });
      await rm(folder, { recursive: true, force: true });
      return JSON.parse(output.trim().split('\n').at(-1)!);
    };

    test('see every row while a file is written, share one collection, and lose nothing in a crash', async () => {
      const { reads, missed, collections, acknowledged, lost } = await outcome(WRITE_SAFETY);
      expect([reads > 0, missed, collections]).toEqual([true, 0, 1]);
      expect([acknowledged, lost]).toEqual([600, 0]);
    }, 60_000);

    // Otherwise the test above might pass because the calls never overlap.
    test('miss rows, open several collections and lose acknowledged rows in an unpatched Milvus Lite', async () => {
      const { missed, collections, lost } = await outcome('');
      expect([missed > 0, collections > 1, lost > 0]).toEqual([true, true, true]);
    }, 60_000);
  },
);
