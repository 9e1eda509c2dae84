import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectMilvus, type MilvusLiteServer, startMilvusLite, TextCollection } from '../../src/index.js';
import { emitSources } from '../servers/emitted-sources.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn } from '../servers/shared-server.js';
import { GENERATED } from './generated-embedder.mjs';
import { IngestProgram } from './ingest-program.js';

const WRITERS = 4;

/** A server that can be killed and started again on its data. */
interface Killable {
  readonly address: string;
  kill(): Promise<void>;
  start(): Promise<Killable>;
}

await describeOn(
  'several processes that write at once',
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    let root: string;
    let sources: Awaited<ReturnType<typeof emitSources>>;
    const programs: IngestProgram[] = [];
    const servers: { stop(): Promise<void> }[] = [];
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'm2v-writers-'));
      process.env.XDG_STATE_HOME = join(root, 'state');
      sources = await emitSources('writers');
    });
    afterAll(async () => {
      await Promise.all(programs.map((program) => program.kill()));
      await Promise.all(servers.map((server) => server.stop()));
      await sources.remove();
      await rm(root, { recursive: true, force: true });
    });

    /** Rows that were acknowledged to each writer before the server was killed, and are missing afterwards. */
    const lostRows = async (server: Killable): Promise<string[][]> => {
      const job = { sources: sources.folder, target: { address: server.address }, collection: 'shared' };
      const run = (more: Partial<ConstructorParameters<typeof IngestProgram>[0]>): IngestProgram => {
        const program = new IngestProgram({ ...job, ...more });
        programs.push(program);
        return program;
      };
      await run({ rows: 1, prefix: 'first' }).result();
      const writers = Array.from({ length: WRITERS }, (_, i) =>
        run({ prefix: `writer ${i}`, rows: 100_000, batchRows: 20, retryFor: 1 }),
      );
      await Promise.all(writers.map((writer) => writer.until(() => writer.complete > 200)));
      await server.kill();
      const errors = await Promise.all(writers.map((writer) => writer.error()));
      expect(errors.map(({ code, isError }) => [code, isError])).toEqual(
        writers.map(() => ['unreachable', true]),
      );
      const milvus = await connectMilvus((await server.start()).address);
      const collection = await TextCollection.open(milvus, { name: 'shared', embedder: GENERATED });
      const stored = new Set<string>();
      for await (const { text } of collection.rows({ fields: [] })) stored.add(text);
      await milvus.close();
      return writers.map((writer, i) =>
        Array.from({ length: writer.complete }, (_, n) => `writer ${i} ${n}`).filter(
          (text) => !stored.has(text),
        ),
      );
    };

    // lite-threads.faults.test.ts shows that overlapping writes lose rows otherwise.
    test('lose no acknowledged row when the server is killed', { timeout: 120_000 }, async () => {
      const start = async (): Promise<Killable> => {
        const server: MilvusLiteServer = await startMilvusLite(join(root, 'milvus.db'), { python });
        servers.push(server);
        return {
          address: `http://${server.address}`,
          start,
          kill: async () => {
            process.kill(server.pid, 'SIGKILL');
            await server.ended;
          },
        };
      };
      expect(await lostRows(await start())).toEqual(Array.from({ length: WRITERS }, () => []));
    });
  },
);
