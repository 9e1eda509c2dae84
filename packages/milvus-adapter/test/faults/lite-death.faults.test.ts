import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { milvusLiteStatus, stopMilvusLite } from '../../src/index.js';
import { emitSources } from '../servers/emitted-sources.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn } from '../servers/shared-server.js';
import { type IngestJob, IngestProgram } from './ingest-program.js';

await describeOn(
  'a program with a folder for its address',
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    let root: string;
    let folder: string;
    let number = 0;
    let sources: Awaited<ReturnType<typeof emitSources>>;
    const programs: IngestProgram[] = [];
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'm2v-death-'));
      process.env.XDG_STATE_HOME = join(root, 'state');
      sources = await emitSources('lite-death');
    });
    afterEach(async () => {
      await Promise.all(programs.splice(0).map((program) => program.kill()));
    });
    afterAll(async () => {
      await sources.remove();
      await rm(root, { recursive: true, force: true });
    });

    const run = (job: Partial<IngestJob> = {}): IngestProgram => {
      const target = { address: './milvus.db', lite: { python } };
      const program = new IngestProgram(
        { sources: sources.folder, target, collection: 'notes', ...job },
        { cwd: folder },
      );
      programs.push(program);
      return program;
    };
    const newFolder = async (): Promise<void> => {
      folder = join(root, `program-${number++}`);
      await mkdir(folder);
    };
    /** Process id of the server, which may just be starting. */
    const serverPid = async (): Promise<number> => {
      for (;;) {
        const [server] = (await milvusLiteStatus()).servers;
        if (server !== undefined) return server.pid;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    test('stores every row once although its server is killed three times', {
      timeout: 120_000,
    }, async () => {
      await newFolder();
      const rows = 20_000;
      const program = run({ rows, batchRows: 50 });
      const pids = new Set<number>();
      for (const point of [500, 6000, 12_000]) {
        await program.until(() => program.complete >= point);
        const pid = await serverPid();
        pids.add(pid);
        process.kill(pid, 'SIGKILL');
      }
      const { result, count, numbers } = await program.result();
      expect(pids.size).toBe(3);
      expect(result).toEqual({ read: rows, stored: rows, superseded: 0, failed: [] });
      expect(count).toBe(rows);
      expect(numbers).toEqual(Array.from({ length: rows }, (_, n) => n));
      expect(await program.exited).toBe(0);
      expect((await milvusLiteStatus()).servers).toEqual([]);
    });

    test('reports that the server was stopped, and does not restart it', {
      timeout: 60_000,
    }, async () => {
      await newFolder();
      const program = run({ rows: 1_000_000 });
      await program.until(() => program.complete >= 500);
      expect(await stopMilvusLite(join(folder, 'milvus.db'))).toBe(true);
      const error = await program.error();
      expect(error).toMatchObject({ isError: true, name: 'IngestError', code: 'server' });
      expect(error.message).toMatch(/milvus\.db \(process \d+\) was asked to end/);
      expect((await milvusLiteStatus()).servers).toEqual([]);
      const again = run({ rows: 0 });
      await again.result();
      const acknowledged = Array.from({ length: program.complete }, (_, n) => n);
      expect(again.kept.slice(0, acknowledged.length)).toEqual(acknowledged);
    });

    for (const ending of ['throw', 'stay'] as const) {
      test(`leaves no server behind: ${ending}`, { timeout: 60_000 }, async () => {
        await newFolder();
        const program = run({ rows: 100, ending });
        await program.until(() => program.events.some(({ event }) => event === 'result'));
        const pid = await serverPid();
        if (ending === 'stay') await program.kill();
        else {
          expect(await program.exited).toBe(1);
          expect(program.stderr).toContain('an error that nobody catches');
        }
        const isAlive = (): boolean => {
          try {
            return process.kill(pid, 0);
          } catch {
            return false;
          }
        };
        await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
      });
    }
  },
);
