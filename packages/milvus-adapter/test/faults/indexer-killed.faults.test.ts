import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MilvusOptions } from '../../src/index.js';
import { emitSources } from '../servers/emitted-sources.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn, sharedServer } from '../servers/shared-server.js';
import { collectionName } from '../support/collection-name.js';
import { type IngestJob, IngestProgram } from './ingest-program.js';

const ROWS = 3000;
const KILLS = 10;

/** M2V_TEST_SEED repeats a run. */
const SEED = Number(process.env.M2V_TEST_SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'a program that indexes and is killed',
    async () => {
      // In a folder, the server dies with the program, as it does for users.
      if (kind === 'milvus') return await sharedServer('milvus');
      return {
        name: 'Milvus Lite 3.2.2',
        connect: undefined,
        python: await pythonEnvironment('milvus-lite'),
      };
    },
    (server) => {
      let root: string;
      let target: MilvusOptions;
      let sources: Awaited<ReturnType<typeof emitSources>>;
      const programs: IngestProgram[] = [];
      beforeAll(async () => {
        root = await mkdtemp(join(tmpdir(), 'm2v-killed-'));
        process.env.XDG_STATE_HOME = join(root, 'state');
        target =
          'python' in server
            ? { address: join(root, 'milvus.db'), lite: { python: server.python } }
            : server.connect;
        sources = await emitSources(`indexer-killed-${kind}`);
      });
      afterAll(async () => {
        await Promise.all(programs.map((program) => program.kill()));
        await sources.remove();
        await rm(root, { recursive: true, force: true });
      });

      test(`at ${KILLS} random points (seed ${SEED}), then runs to the end: every row exists once`, {
        timeout: 240_000,
      }, async () => {
        const random = numbersFrom(SEED);
        const collection = collectionName();
        const run = (more: Partial<IngestJob> = {}): IngestProgram => {
          const job = { sources: sources.folder, target, collection, rows: ROWS, batchRows: 50, ...more };
          const program = new IngestProgram(job);
          programs.push(program);
          return program;
        };
        let acknowledged = 0;
        const points: number[] = [];
        for (let i = 0; i < KILLS; i++) {
          const point = Math.floor(random() * ROWS);
          const pause = random() * 20;
          const program = run();
          await program.until(() => program.complete >= point);
          await new Promise((resolve) => setTimeout(resolve, pause));
          await program.kill();
          points.push(program.complete);
          // Rows reported as stored by an earlier run must exist when the next one begins.
          if (program.events.some(({ event }) => event === 'ready')) {
            expect(program.kept.slice(0, acknowledged)).toEqual(numbersTo(acknowledged));
          }
          acknowledged = Math.max(acknowledged, program.complete);
        }
        const { result, count, numbers } = await run().result();
        expect(result).toEqual({ read: ROWS, stored: ROWS, superseded: 0, failed: [] });
        expect(count).toBe(ROWS);
        expect(numbers, `killed after ${points.join(', ')} rows`).toEqual(numbersTo(ROWS));
      });
    },
  );
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
