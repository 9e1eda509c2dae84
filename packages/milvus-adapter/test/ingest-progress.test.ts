import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connectMilvus,
  type FailedRow,
  IngestError,
  type MilvusConnection,
  TextCollection,
  type TextRow,
} from '../src/index.js';
import { startLiteServer } from './servers/lite-server.js';
import { describeOn } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

await describeOn('what an ingest tells meanwhile', startLiteServer, (server) => {
  let milvus: MilvusConnection;
  let collection: TextCollection;

  beforeAll(async () => {
    milvus = await connectMilvus(server.connect);
    collection = await TextCollection.create(milvus, { name: collectionName(), embedder: wordEmbedder(16) });
  }, 120_000);
  afterAll(async () => {
    await milvus?.close();
    await server.stop();
  }, 60_000);

  test('reports each failed row at once, before it counts as settled', async () => {
    const failed: FailedRow[] = [];
    const rows = Array.from({ length: 300 }, (_, i) =>
      i % 100 === 50 ? { text: 5 as unknown as string } : { text: `row ${i}` },
    );
    const result = await collection.upsert(rows, {
      batchRows: 50,
      onFailed: (row) => failed.push(row),
      onProgress: ({ complete }) => {
        expect(failed.map(({ index }) => index).filter((index) => index < complete)).toEqual(
          [50, 150, 250].filter((index) => index < complete),
        );
      },
    });
    expect(failed).toEqual(result.failed);
    expect(failed.map(({ index, code }) => [index, code])).toEqual(
      [50, 150, 250].map((index) => [index, 'invalid-argument']),
    );
  });

  test('never counts rows as settled that failed with the ingest itself', { timeout: 60_000 }, async () => {
    let settled = 0;
    let killed: Promise<void> | undefined;
    function* source(): Generator<TextRow> {
      for (let i = 0; i < 2000; i++) {
        if (i === 700) killed = server.kill();
        yield { text: `another row ${i}` };
      }
    }
    const error: unknown = await collection
      .upsert(source(), {
        batchRows: 100,
        retryFor: 300,
        onProgress: ({ complete }) => {
          settled = complete;
        },
      })
      .catch((thrown: unknown) => thrown);
    await killed;
    if (!(error instanceof IngestError)) throw error;
    expect(error.result.failed.length).toBeGreaterThan(0);
    expect(settled).toBeLessThanOrEqual(error.result.stored);
  });
});
