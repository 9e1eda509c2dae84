import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { connectMilvus, MilvusError, TextCollection } from '@model2vec-ts/milvus-adapter';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

const { liteFolder } = JSON.parse(process.env.TRIAL);

test('an error of the adapter keeps its code', async () => {
  const error = await connectMilvus('http://127.0.0.1:9', { connectTimeout: 2000 }).catch((reason) => reason);
  expect([MilvusError.isInstance(error), error.code]).toEqual([true, 'unreachable']);
}, 60_000);

(liteFolder === undefined ? test.skip : test)(
  'texts are stored in Milvus Lite and found',
  async () => {
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
    const milvus = await connectMilvus(liteFolder);
    const collection = await TextCollection.create(milvus, { name: 'notes', embedder });
    const rows = [
      { id: 'a', text: 'Bread needs yeast.', when: { year: 1990n } },
      { id: 'b', text: 'The moon pulls the sea.' },
    ];
    expect((await collection.upsert(rows)).failed).toEqual([]);
    const { hits } = await collection.search('what does bread need', { limit: 1 });
    expect(hits.map(({ id }) => id)).toEqual(['a']);
    const [vector] = await embedder.encodeQueries(['the sea']);
    expect((await collection.search(vector, { limit: 1 })).hits[0].id).toBe('b');
    await milvus.close();
    await embedder.close();
  },
  120_000,
);
