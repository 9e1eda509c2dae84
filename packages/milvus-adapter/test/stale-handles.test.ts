import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectMilvus, type MilvusConnection, TextCollection } from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'an open collection',
    () => sharedServer(kind),
    (server) => {
      const [embedder, otherEmbedder] = [wordEmbedder(8, 7), wordEmbedder(8, 8)];
      let near: MilvusConnection;
      let far: MilvusConnection;
      beforeAll(async () => {
        near = await connectMilvus(server.connect);
        far = await connectMilvus(server.connect);
      });
      afterAll(async () => {
        await near.close();
        await far.close();
      });
      const codeOf = (call: Promise<unknown>): Promise<unknown> =>
        call.then(
          () => 'none',
          (error: { code: unknown }) => error.code,
        );
      /** A handle whose collection another connection has dropped. */
      const dropped = async (name: string): Promise<TextCollection> => {
        const handle = await TextCollection.create(near, { name, embedder });
        await handle.upsert([{ id: '1', text: 'one' }]);
        await (await TextCollection.open(far, { name, embedder })).drop();
        return handle;
      };

      test('refuses everything after another connection has created it with another model', async () => {
        const name = collectionName();
        const handle = await dropped(name);
        const other = await TextCollection.create(far, { name, embedder: otherEmbedder });
        await other.upsert([{ id: '9', text: 'nine' }]);
        for (const call of [
          () => handle.upsert([{ id: '3', text: 'three' }]),
          () => handle.insert([{ id: '4', text: 'four' }]),
          () => handle.search('nine'),
          () => handle.get('9'),
          () => handle.count(),
          () => handle.delete('9'),
          () => handle.flush(),
          () => handle.drop(),
        ]) {
          expect(await codeOf(call())).toBe('mismatch');
        }
        expect(await other.count(undefined, { consistency: 'strong' })).toBe(1);
        await other.drop();
      });

      test('refuses a replacement with other fields', async () => {
        const name = collectionName();
        const handle = await dropped(name);
        const other = await TextCollection.create(far, {
          name,
          embedder,
          fields: [{ name: 'year', type: 'int64' }],
        });
        await expect(handle.upsert([{ id: '3', text: 'three' }])).rejects.toMatchObject({
          code: 'mismatch',
          remedy: { code: 'reopen-collection' },
        });
        await other.drop();
      });

      test('continues with a replacement of the same model', async () => {
        const name = collectionName();
        const handle = await dropped(name);
        await TextCollection.create(far, { name, embedder });
        expect((await handle.upsert([{ id: '3', text: 'three' }])).stored).toBe(1);
        expect((await handle.search('three')).hits.map(({ id }) => id)).toEqual(['3']);
        await handle.drop();
      });

      test('is reported as missing after it was dropped, even by drop itself', async () => {
        const handle = await dropped(collectionName());
        for (const call of [
          () => handle.search('one'),
          () => handle.upsert([{ id: '2', text: 'two' }]),
          () => handle.drop(),
        ]) {
          await expect(call()).rejects.toMatchObject({
            code: 'not-found',
            remedy: { code: 'list-collections' },
          });
        }
      });

      test('refuses an alias that was moved to a collection of another model', async () => {
        const [a, b, alias] = [collectionName(), collectionName(), collectionName()];
        const first = await TextCollection.create(near, { name: a, embedder });
        await first.upsert([{ id: '1', text: 'a' }]);
        const second = await TextCollection.create(near, { name: b, embedder: otherEmbedder });
        await near.client.createAlias({ collection_name: a, alias });
        const handle = await TextCollection.open(near, { name: alias, embedder });
        expect((await handle.search('a')).hits.map(({ id }) => id)).toEqual(['1']);
        await near.client.alterAlias({ collection_name: b, alias });
        expect(await codeOf(handle.upsert([{ id: '7', text: 'mixed' }]))).toBe('mismatch');
        expect(await codeOf(handle.search('a'))).toBe('mismatch');
        expect(await second.count(undefined, { consistency: 'strong' })).toBe(0);
        await near.client.dropAlias({ alias });
        await first.drop();
        await second.drop();
      });

      test('refuses wrong queries, filters and fields by name', async () => {
        const handle = await TextCollection.create(near, { name: collectionName(), embedder });
        await handle.upsert([{ id: '1', text: 'one', year: 1912 }]);
        for (const call of [
          () => handle.search(''),
          () => handle.search('  \n'),
          () => handle.search(['one', '']),
          () => handle.search('one', { fields: 'year' as never }),
          () => handle.search('one', { fields: [''] }),
          () => handle.get('1', { fields: [7] as never }),
          () => handle.search('one', { filter: 'yaer > 1900' }),
          () => handle.count('yaer > 1900'),
          () => handle.rows({ filter: 'yaer > 1900' }).next(),
        ]) {
          expect(await codeOf(call())).toBe('invalid-argument');
        }
        expect((await handle.search('one', { filter: 'year > 2000' })).hits).toEqual([]);
        expect(await handle.count('year > 2000')).toBe(0);
        expect(await handle.delete({ filter: 'yaer > 1900' })).toBe(0);
        await handle.drop();
      });
    },
  );
}
