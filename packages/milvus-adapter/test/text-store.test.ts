import type { TextStore } from '@model2vec-ts/search';
import { testTextStore, wordEmbedder } from '@model2vec-ts/search/testing';
import { afterAll, beforeAll, test } from 'vitest';
import { connectMilvus, type MilvusConnection, TextCollection } from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';

const SLOW = 120_000;

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'a text collection as a text store',
    () => sharedServer(kind),
    (server) => {
      let milvus: MilvusConnection;
      let collection: TextCollection | undefined;
      beforeAll(async () => {
        milvus = await connectMilvus(server.connect);
      }, SLOW);
      afterAll(() => milvus?.close());

      /** One collection serves every case, because a server takes half a second to create one. */
      const create = async (): Promise<TextStore> => {
        collection ??= await TextCollection.create(milvus, {
          name: collectionName(),
          embedder: wordEmbedder(),
          consistency: 'strong',
        });
        await collection.delete({ filter: 'id >= ""' });
        return collection;
      };
      const isLite = kind === 'lite';
      const options = { fullText: isLite, calculatingFilters: !isLite };
      for (const { name, run } of testTextStore(create, options)) test(name, run, SLOW);
    },
  );
}
