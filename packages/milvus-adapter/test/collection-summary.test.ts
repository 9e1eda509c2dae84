import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connectMilvus,
  describeTextCollection,
  type MilvusConnection,
  TextCollection,
} from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'the summary of a collection',
    () => sharedServer(kind),
    (server) => {
      let milvus: MilvusConnection;
      const isLite = kind === 'lite';
      const name = collectionName();
      const embedder = wordEmbedder(16);

      beforeAll(async () => {
        milvus = await connectMilvus(server.connect);
        const made = await TextCollection.create(milvus, { name, embedder, metric: 'IP' });
        await made.upsert([{ text: 'one' }, { text: 'two' }]);
        await made.upsert([{ text: 'two' }]);
      }, 120_000);
      afterAll(async () => {
        await milvus?.close();
      });

      test('reports its rows, vectors and model', async () => {
        expect(await describeTextCollection(milvus, name)).toEqual({
          name,
          id: isLite ? undefined : expect.stringMatching(/^\d+@\d+$/),
          rows: 2,
          isExact: true,
          dim: 16,
          vectorType: 'float32',
          metric: 'IP',
          hasFullText: isLite,
          fingerprint: embedder.fingerprint,
        });
      });

      test('loads nothing: rows that are not in memory count as written', async () => {
        await milvus.channel.call('Flush', { collection_names: [name] }, { what: 'flushing' });
        await milvus.channel.call('ReleaseCollection', { collection_name: name }, { what: 'releasing' });
        const { rows, isExact } = await describeTextCollection(milvus, name);
        // Milvus Lite counts rows that it has not loaded.
        expect(isExact).toBe(isLite);
        expect(rows).toBeGreaterThanOrEqual(2);
      });

      test('differs for a new collection of the same name', async () => {
        const { id } = await describeTextCollection(milvus, name);
        await milvus.channel.call('DropCollection', { collection_name: name }, { what: 'dropping' });
        await expect(describeTextCollection(milvus, name)).rejects.toMatchObject({ code: 'not-found' });
        await TextCollection.create(milvus, { name, embedder });
        const again = await describeTextCollection(milvus, name);
        expect(again.rows).toBe(0);
        if (!isLite) expect(again.id).not.toBe(id);
      }, 60_000);
    },
  );
}
