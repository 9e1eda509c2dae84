import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LITE_WRITE_SAFETY } from '../../src/lite/lite-write-safety.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn } from '../servers/shared-server.js';

const PROGRAM = fileURLToPath(new URL('./lite-threads.py', import.meta.url));

await describeOn(
  'calls in several threads of the server',
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    const outcome = async (
      changes: string,
    ): Promise<{ reads: number; missed: number; collections: number }> => {
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

    test('miss no row while a file is written, and share one collection', async () => {
      const { reads, missed, collections } = await outcome(LITE_WRITE_SAFETY);
      expect([reads > 0, missed, collections]).toEqual([true, 0, 1]);
    }, 60_000);

    // Otherwise the test above might pass because the calls never meet.
    test('miss rows and open several collections in Milvus Lite as it is', async () => {
      const { missed, collections } = await outcome('');
      expect([missed > 0, collections > 1]).toEqual([true, true]);
    }, 60_000);
  },
);
