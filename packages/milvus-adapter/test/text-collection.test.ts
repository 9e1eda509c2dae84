import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CreateCollectionOptions,
  connectMilvus,
  contentId,
  IngestError,
  type MilvusConnection,
  MilvusError,
  type StoredRow,
  TextCollection,
  type TextRow,
} from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

const TURING = 'Alan Turing was born in Maida Vale, London.';
const BREAD = 'Bread rises because yeast makes gas.';
const MOON = 'The moon pulls the tides of the sea.';

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (!MilvusError.isInstance(error)) throw error;
    return error.code;
  }
}

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'a text collection',
    () => sharedServer(kind),
    (server) => {
      const embedder = wordEmbedder();
      const isLite = kind === 'lite';
      let milvus: MilvusConnection;
      let notes: TextCollection;
      const create = (more: Partial<CreateCollectionOptions> = {}): Promise<TextCollection> =>
        TextCollection.create(milvus, { name: collectionName(), embedder, ...more });

      beforeAll(async () => {
        milvus = await connectMilvus(server.connect);
        notes = await create({ fields: [{ name: 'year', type: 'int64' }] });
        await notes.upsert([
          { text: TURING, year: 1912, kind: 'history' },
          { text: BREAD, year: 2001, kind: 'food' },
          { id: 'moon', text: MOON, year: 1969 },
        ]);
      }, 120_000);
      afterAll(async () => {
        await milvus?.close();
      });

      test('finds the nearest text, with its id, score, fields and the mode used', async () => {
        const { mode, hits } = await notes.search('where was Turing born', { limit: 2 });
        expect(mode).toBe(isLite ? 'hybrid' : 'dense');
        expect(hits).toHaveLength(2);
        expect(hits[0]).toMatchObject({
          id: contentId(TURING),
          text: TURING,
          fields: { year: 1912, kind: 'history' },
        });
        expect(hits[0]!.score).toBeGreaterThan(hits[1]!.score);
      });

      test('answers several queries in one call, in their order', async () => {
        const results = await notes.search(['yeast in bread', 'tides of the moon', 'Turing'], { limit: 1 });
        expect(results.map(({ hits }) => hits[0]!.text)).toEqual([BREAD, MOON, TURING]);
      });

      test('searches by a vector, without full text', async () => {
        const [vector] = await embedder.encodeQueries(['bread and yeast']);
        const { mode, hits } = await notes.search(vector!, { limit: 1 });
        expect([mode, hits[0]!.text]).toEqual(['dense', BREAD]);
      });

      test('filters, skips, and returns only the requested fields', async () => {
        const { hits } = await notes.search('bread', { filter: 'year > 1950', fields: ['year'] });
        expect(hits.map(({ text }) => text).sort()).toEqual([BREAD, MOON]);
        expect(hits.map(({ fields }) => Object.keys(fields))).toEqual([['year'], ['year']]);
        const everything = await notes.search('bread', { mode: 'dense' });
        const rest = await notes.search('bread', { mode: 'dense', offset: 1 });
        expect(rest.hits.map(({ id }) => id)).toEqual(everything.hits.slice(1).map(({ id }) => id));
      });

      test('undeclared fields can be filtered and returned', async () => {
        const { hits } = await notes.search('anything at all', {
          filter: 'kind == "food"',
          fields: ['kind'],
        });
        expect(hits).toHaveLength(1);
        expect(hits[0]).toMatchObject({ text: BREAD, fields: { kind: 'food' } });
      });

      test('full-text modes run if the server has them and are refused otherwise', async () => {
        if (!isLite) {
          expect(await codeOf(notes.search('yeast', { mode: 'hybrid' }))).toBe('unsupported');
          expect(await codeOf(notes.search('yeast', { mode: 'fullText' }))).toBe('unsupported');
          expect(await codeOf(create({ fullText: true }))).toBe('unsupported');
          return;
        }
        const words = await notes.search('yeast', { mode: 'fullText' });
        expect(words.hits.map(({ text }) => text)).toEqual([BREAD]);
        expect(words.hits[0]!.score).toBeGreaterThan(0);
        const plain = await create({ fullText: false });
        expect((await plain.search('yeast')).mode).toBe('dense');
        expect(await codeOf(plain.search('yeast', { mode: 'hybrid' }))).toBe('unsupported');
        // A hybrid page with an offset continues the first page.
        const whole = await notes.search('the sea of yeast', { mode: 'hybrid', limit: 3 });
        const second = await notes.search('the sea of yeast', { mode: 'hybrid', limit: 1, offset: 1 });
        expect(second.hits[0]!.id).toBe(whole.hits[1]!.id);
      });

      test('a query without words is still answered, an empty one is refused', async () => {
        expect((await notes.search('?!', { limit: 3 })).mode).toBe('dense');
        expect(await codeOf(notes.search('', { limit: 3 }))).toBe('invalid-argument');
      });

      test('returns rows in the order of the ids, with undefined for missing ones', async () => {
        const [nobody, moon, turing] = await notes.get(['nobody', 'moon', contentId(TURING)]);
        expect(nobody).toBeUndefined();
        expect(moon).toEqual({ id: 'moon', text: MOON, fields: { year: 1969 } });
        expect(turing!.text).toBe(TURING);
        expect(await notes.get('nobody')).toBeUndefined();
        expect((await notes.get('moon', { fields: ['vector'] }))!.fields.vector).toHaveLength(64);
      });

      test('counts all rows or those that match a filter', async () => {
        expect(await notes.count()).toBe(3);
        expect(await notes.count('year < 1970')).toBe(2);
      });

      test('storing the same rows again changes nothing', async () => {
        const collection = await create();
        const rows = [TURING, BREAD, MOON].map((text) => ({ text }));
        for (let time = 0; time < 3; time++) {
          expect(await collection.upsert(rows)).toMatchObject({ read: 3, stored: 3, failed: [] });
        }
        expect(await collection.count()).toBe(3);
        expect((await all(collection.rows())).map(({ text }) => text).sort()).toEqual(
          [TURING, BREAD, MOON].sort(),
        );
      });

      test('a replaced row keeps nothing of the old one', async () => {
        const collection = await create();
        await collection.upsert([{ id: 'a', text: TURING, old: true }]);
        await collection.upsert([{ id: 'a', text: BREAD, young: true }]);
        expect(await collection.get('a')).toEqual({ id: 'a', text: BREAD, fields: { young: true } });
        expect(await collection.count()).toBe(1);
        const { hits } = await collection.search(BREAD, { mode: 'dense' });
        expect(hits).toHaveLength(1);
        expect(hits[0]!.score).toBeCloseTo(1, 4);
      });

      test('of rows with one id, in one batch or in several at once, the last stays', async () => {
        const collection = await create();
        const inOne = await collection.upsert([
          { id: 'a', text: 'first' },
          { id: 'b', text: 'other' },
          { id: 'a', text: 'second' },
        ]);
        expect(inOne).toMatchObject({ read: 3, stored: 2, superseded: 1, failed: [] });
        const rows = Array.from({ length: 30 }, (_, i) => ({ id: `k${i % 2}`, text: `text ${i}` }));
        const inSeveral = await collection.upsert(rows, { batchRows: 2, concurrency: 8 });
        expect(inSeveral.stored + inSeveral.superseded).toBe(30);
        expect((await collection.get(['a', 'k0', 'k1'])).map((row) => row!.text)).toEqual([
          'second',
          'text 28',
          'text 29',
        ]);
        expect(await collection.count()).toBe(4);
      });

      test('insert reports a duplicate id', async () => {
        const collection = await create();
        const result = await collection.insert([
          { id: 'a', text: 'first' },
          { id: 'a', text: 'second' },
        ]);
        expect(result).toMatchObject({
          stored: 1,
          failed: [{ index: 1, id: 'a', code: 'invalid-argument' }],
        });
        expect((await collection.get('a'))!.text).toBe('first');
      });

      test('every row is accounted for: bad ones are reported with a reason, the others are stored', async () => {
        const collection = await create({ maxTextLength: 20, fields: [{ name: 'n', type: 'int8' }] });
        const good: TextRow = { text: 'good', n: 1 };
        const bad: [row: unknown, reason: RegExp][] = [
          [{ id: 'long', text: 'é'.repeat(11), n: 1 }, /at most 20 bytes of UTF-8; found 22/],
          [{ id: 'nan', text: 'x', n: 1, vector: new Float32Array(64).fill(Number.NaN) }, /finite.*NaN at 0/],
          [{ id: 'short', text: 'x', n: 1, vector: new Float32Array(63) }, /64 values; found 63/],
          [{ id: 'plain', text: 'x', n: 1, vector: Array(64).fill(0) }, /Float32Array; found an array of 64/],
          [{ id: 'wide', text: 'x', n: 128 }, /whole number of 8 bits.*128/],
          [{ id: 'none', text: 'x' }, /field n is missing/],
          [{ id: 7, text: 'x', n: 1 }, /id must be a string; found 7/],
          [{ id: 'notext', n: 1 }, /text must be a string; found nothing/],
          [{ id: 'infinite', text: 'x', n: 1, other: Infinity }, /field other is Infinity/],
          [{ id: 'big', text: 'x', n: 1, other: 2n ** 64n }, /field other must fit in 64 bits/],
          [{ id: 'x'.repeat(600), text: 'x', n: 1 }, /at most 512 bytes/],
          [{ id: '\ud800', text: 'x', n: 1 }, /well-formed/],
          ['just a text', /a row must be an object/],
          [null, /a row must be an object.*found null/],
        ];
        const rows = bad.flatMap(([row], i) => [row, { ...good, id: `good${i}` }]) as TextRow[];
        const result = await collection.upsert(rows);
        expect(result.read).toBe(rows.length);
        expect(result.stored).toBe(bad.length);
        for (const [i, [, reason]] of bad.entries()) {
          expect(result.failed[i]).toMatchObject({ index: 2 * i, code: 'invalid-argument' });
          expect(result.failed[i]!.reason).toMatch(reason);
        }
        expect(result.failed[0]!.id).toBe('long');
        expect(result.failed).toHaveLength(bad.length);
        expect(await collection.count()).toBe(bad.length);
      });

      test('rows that only the server refuses are found by halving, and the others are stored', async () => {
        const collection = await create();
        // A client that assumes a longer field sends a row that the server must refuse.
        const narrow = await create({ maxTextLength: 10 });
        const { text } = narrow.layout;
        Object.assign(text, { maxLength: undefined });
        const rows = Array.from({ length: 37 }, (_, i) => ({
          id: `r${i}`,
          text: i % 17 === 5 ? 'x'.repeat(30) : `row ${i}`,
        }));
        const result = await narrow.upsert(rows);
        expect(result.failed.map(({ index, id }) => [index, id])).toEqual([
          [5, 'r5'],
          [22, 'r22'],
        ]);
        expect(result.failed[0]!.reason).toMatch(/length|exceeds/i);
        expect(result.stored).toBe(35);
        expect(await narrow.count()).toBe(35);
        expect(await collection.count()).toBe(0);
      });

      test('values of every type are returned as stored', async () => {
        const collection = await create({
          fields: [
            { name: 'flag', type: 'bool' },
            { name: 'tiny', type: 'int8' },
            { name: 'small', type: 'int16' },
            { name: 'whole', type: 'int32' },
            { name: 'large', type: 'int64' },
            { name: 'single', type: 'float' },
            { name: 'real', type: 'double' },
            { name: 'word', type: 'varchar', maxLength: 40 },
            { name: 'object', type: 'json' },
            { name: 'tags', type: 'array', elementType: 'varchar', maxLength: 10, maxCapacity: 4 },
            { name: 'numbers', type: 'array', elementType: 'int64', maxCapacity: 4 },
          ],
        });
        const fields = {
          flag: true,
          tiny: -128,
          small: 32767,
          whole: -(2 ** 31),
          large: 2n ** 62n + 1n,
          single: 0.5,
          real: 0.1,
          word: 'größe "東" 😀\n\\',
          object: { a: [1, null, { b: 'ü' }] },
          tags: ['x', 'größe'],
          numbers: [-1, 2n ** 60n],
          loose: { deep: [1.5, 'x'] },
        };
        const id = 'quote " backslash \\ line\nend 東😀';
        expect((await collection.upsert([{ id, text: '', ...fields }])).failed).toEqual([]);
        expect(await collection.get(id)).toEqual({ id, text: '', fields });
        expect(await collection.delete(id)).toBe(1);
        expect(await collection.count()).toBe(0);
      });

      test('int64 keys work, above 2^53 as bigints', async () => {
        const collection = await create({
          key: { field: 'pk', type: 'int64' },
          textField: 'gloss',
          vectorField: 'meaning',
        });
        const ids = [1, -5, 2n ** 60n];
        await collection.upsert(ids.map((id) => ({ id, text: `text ${id}` })));
        expect((await collection.get(ids)).map((row) => row!.id)).toEqual(ids);
        expect((await all(collection)).map(({ id }) => id)).toEqual([-5, 1, 2n ** 60n]);
        const { hits } = await collection.search(`text ${2n ** 60n}`, { limit: 1 });
        expect(hits[0]!.id).toBe(2n ** 60n);
        expect((await collection.upsert([{ text: 'no id' }])).failed).toMatchObject([
          { index: 0, reason: expect.stringMatching(/id is missing/) },
        ]);
        expect(await codeOf(collection.get('1' as never))).toBe('invalid-argument');
      });

      test('deletes by id, by ids and by filter, and returns the number', async () => {
        const collection = await create();
        await collection.upsert(
          Array.from({ length: 10 }, (_, i) => ({ id: `d${i}`, text: `text ${i}`, n: i })),
        );
        expect(await collection.delete('d0')).toBe(1);
        expect(await collection.delete(['d1', 'd2', 'nobody'])).toBe(2);
        expect(await collection.delete({ filter: 'n >= 8' })).toBe(2);
        expect(await collection.delete('d0')).toBe(0);
        expect(await collection.count()).toBe(5);
        expect((await all(collection)).map(({ id }) => id)).toEqual(['d3', 'd4', 'd5', 'd6', 'd7']);
        expect(await codeOf(collection.delete({ filter: ' ' }))).toBe('invalid-argument');
      });

      test('accepts an async input, in many batches, and yields everything once, in the order of ids', async () => {
        const collection = await create();
        const many = 2500;
        async function* source(): AsyncGenerator<TextRow> {
          for (let i = 0; i < many; i++)
            yield { id: `row${String(i).padStart(5, '0')}`, text: `row number ${i}` };
        }
        const progress: number[] = [];
        const result = await collection.upsert(source(), {
          batchRows: 200,
          onProgress: ({ complete, stored }) => {
            // Answers arrive in any order, so `stored` may be far ahead of `complete`, but never behind.
            expect(complete).toBeLessThanOrEqual(stored);
            progress.push(complete);
          },
        });
        expect(result).toEqual({ read: many, stored: many, superseded: 0, failed: [] });
        expect(progress).toEqual([...progress].sort((a, b) => a - b));
        expect(progress.at(-1)).toBe(many);
        const rows: StoredRow[] = await all(collection.rows({ pageSize: 333, fields: [] }));
        expect(rows.map(({ id }) => id)).toEqual(
          Array.from({ length: many }, (_, i) => `row${String(i).padStart(5, '0')}`),
        );
        expect(await all(collection.rows({ filter: 'id < "row00003"' }))).toHaveLength(3);
        await collection.flush();
        expect(await collection.count()).toBe(many);
      });

      test('another connection immediately sees what was complete before it opened the collection', async () => {
        const collection = await create();
        await collection.upsert([{ text: TURING }]);
        const second = await connectMilvus(server.connect);
        const same = await TextCollection.open(second, { name: collection.name, embedder });
        expect((await same.search('Turing')).hits).toHaveLength(1);
        await same.upsert([{ text: BREAD }]);
        expect((await collection.search('bread', { limit: 5 })).hits).toHaveLength(2);
        await second.close();
      });

      test('24 simultaneous searches during an ingest all succeed', async () => {
        const collection = await create();
        await collection.upsert([{ text: TURING }]);
        let isDone = false;
        const ingest = collection
          .upsert(
            Array.from({ length: 2000 }, (_, i) => ({ text: `generated text number ${i}` })),
            { batchRows: 100 },
          )
          .finally(() => {
            isDone = true;
          });
        const search = async (): Promise<number> => {
          let searches = 0;
          do {
            const { hits } = await collection.search('where was Turing born', { limit: 3 });
            expect(hits[0]!.text).toBe(TURING);
            searches++;
          } while (!isDone);
          return searches;
        };
        const counts = await Promise.all(Array.from({ length: 24 }, search));
        expect(Math.min(...counts)).toBeGreaterThan(0);
        expect(await ingest).toMatchObject({ stored: 2000, failed: [] });
        expect(await collection.count()).toBe(2001);
      }, 120_000);

      describe('identity', () => {
        test('another model is refused although its dimension agrees, unless forced', async () => {
          const other = wordEmbedder(64, 8);
          const attempt = TextCollection.open(milvus, { name: notes.name, embedder: other });
          await expect(attempt).rejects.toThrow(
            /another model.*fingerprint is words-64-7.*words-64-8.*force/,
          );
          expect(
            await codeOf(TextCollection.openOrCreate(milvus, { name: notes.name, embedder: other })),
          ).toBe('mismatch');
          const forced = await TextCollection.open(milvus, {
            name: notes.name,
            embedder: other,
            force: true,
          });
          expect(await forced.count()).toBe(3);
        });

        test('a model with a false fingerprint is detected by its vectors', async () => {
          const liar = { ...wordEmbedder(64, 8), fingerprint: embedder.fingerprint };
          const attempt = TextCollection.open(milvus, { name: notes.name, embedder: liar });
          await expect(attempt).rejects.toThrow(/fingerprint agrees, but .* embeds differently/);
        });

        test('another dimension is refused, forced or not', async () => {
          const narrow = wordEmbedder(32);
          expect(await codeOf(TextCollection.open(milvus, { name: notes.name, embedder: narrow }))).toBe(
            'mismatch',
          );
          const forced = TextCollection.open(milvus, { name: notes.name, embedder: narrow, force: true });
          expect(await codeOf(forced)).toBe('mismatch');
        });

        test('the same model opens it again, and openOrCreate opens an existing one', async () => {
          const again = await TextCollection.openOrCreate(milvus, {
            name: notes.name,
            embedder: wordEmbedder(),
          });
          expect((await again.search('tides', { limit: 1 })).hits[0]!.text).toBe(MOON);
          expect(again.metric).toBe('COSINE');
        });

        test('a collection of another program is refused, or opened by force', async () => {
          const name = collectionName();
          await milvus.client.createCollection({
            collection_name: name,
            fields: [
              { name: 'pk', data_type: 'Int64', is_primary_key: true },
              { name: 'words', data_type: 'VarChar', max_length: 100 },
              { name: 'emb', data_type: 'FloatVector', dim: 64 },
            ],
          });
          expect(await codeOf(TextCollection.open(milvus, { name, embedder }))).toBe('mismatch');
          const forced = await TextCollection.open(milvus, { name, embedder, force: true });
          await forced.upsert([{ id: 5, text: TURING }]);
          expect((await forced.search('Turing')).hits[0]).toMatchObject({ id: 5, text: TURING });
        });
      });

      test('unsupported vector types are refused before anything is created', async () => {
        const lacking = isLite
          ? (['float16', 'bfloat16', 'int8', 'binary'] as const)
          : (['float16', 'bfloat16', 'int8'] as const);
        for (const vectorType of lacking) {
          const name = collectionName();
          expect(await codeOf(TextCollection.create(milvus, { name, embedder, vectorType }))).toBe(
            'unsupported',
          );
          expect(await milvus.hasCollection(name)).toBe(false);
        }
      });

      if (!isLite)
        test('binary vectors find the nearest by signs', async () => {
          const collection = await create({ vectorType: 'binary' });
          await collection.upsert([TURING, BREAD, MOON].map((text) => ({ text })));
          const { hits } = await collection.search(BREAD, { limit: 3 });
          expect(hits[0]).toMatchObject({ text: BREAD, score: 0 });
          expect(hits[1]!.score).toBeGreaterThan(0);
          expect(collection.metric).toBe('HAMMING');
        });

      if (isLite)
        test('fields may be empty if declared so', async () => {
          const collection = await create({ fields: [{ name: 'note', type: 'varchar', nullable: true }] });
          await collection.upsert([
            { id: 'a', text: 'x', note: 'n' },
            { id: 'b', text: 'y' },
          ]);
          expect((await collection.get(['a', 'b'])).map((row) => row!.fields)).toEqual([{ note: 'n' }, {}]);
        });

      test('an aborted ingest reports its progress', async () => {
        const collection = await create();
        const controller = new AbortController();
        function* source(): Generator<TextRow> {
          for (let i = 0; ; i++) {
            if (i === 500) controller.abort(new Error('enough'));
            yield { text: `text ${i}` };
          }
        }
        const failure = await collection
          .upsert(source(), { batchRows: 100, signal: controller.signal })
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(IngestError);
        const { code, result, message } = failure as IngestError;
        expect(code).toBe('aborted');
        expect(message).toMatch(/aborted/);
        expect(result.read).toBe(result.stored + result.superseded + result.failed.length);
        expect(await collection.count()).toBeGreaterThanOrEqual(result.stored);
      });

      test('a signal ends an ingest whose input or embedder hangs', async () => {
        const collection = await create();
        const controller = new AbortController();
        let isReturned = false;
        const rows: AsyncIterable<TextRow> = {
          [Symbol.asyncIterator]: () => {
            let i = 0;
            return {
              next: () => {
                if (i < 250) return Promise.resolve({ done: false, value: { text: `text ${i++}` } });
                setTimeout(() => controller.abort(new Error('enough')), 20);
                return new Promise(() => {});
              },
              return: () => {
                isReturned = true;
                return new Promise(() => {});
              },
            };
          },
        };
        await expect(
          collection.upsert(rows, { batchRows: 100, signal: controller.signal }),
        ).rejects.toMatchObject({ code: 'aborted', result: { read: 250 } });
        expect(isReturned).toBe(true);

        const stuck = { ...embedder, encodeDocuments: () => new Promise<never>(() => {}) };
        const other = await TextCollection.open(milvus, { name: collection.name, embedder, force: true });
        Object.assign(other, { embedder: stuck });
        await expect(
          other.upsert([{ text: 'x' }], { signal: AbortSignal.timeout(20) }),
        ).rejects.toMatchObject({ code: 'aborted', result: { read: 1, stored: 0 } });
      });

      test('an error of the input is rethrown after earlier rows are stored', async () => {
        const collection = await create();
        function* source(): Generator<TextRow> {
          for (let i = 0; i < 250; i++) yield { text: `text ${i}` };
          throw new TypeError('the file is torn');
        }
        await expect(collection.upsert(source(), { batchRows: 100 })).rejects.toThrow(
          new TypeError('the file is torn'),
        );
        expect(await collection.count()).toBe(200);
      });

      test('an embedder that fails or returns wrong vectors is named', async () => {
        const collection = await create();
        const broken = async (encodeDocuments: typeof embedder.encodeDocuments): Promise<TextCollection> => {
          const found = await TextCollection.open(milvus, { name: collection.name, embedder });
          Object.assign(found, { embedder: { ...embedder, encodeDocuments } });
          return found;
        };
        const failing = await broken(() => Promise.reject(new Error('no memory')));
        await expect(failing.upsert([{ text: 'x' }])).rejects.toMatchObject({
          code: 'embedder',
          message: /no memory/,
        });
        const few = await broken(async () => []);
        await expect(few.upsert([{ text: 'x' }])).rejects.toMatchObject({ code: 'embedder' });
        const odd = await broken(async (texts) =>
          texts.map((text) => new Float32Array(text === 'x' ? 3 : 64)),
        );
        expect(await odd.upsert([{ text: 'x' }, { text: 'y' }])).toMatchObject({
          stored: 1,
          failed: [{ index: 0, code: 'embedder' }],
        });
      });

      test('wrong calls are refused before anything is sent', async () => {
        const wrong: Promise<unknown>[] = [
          notes.search('x', { limit: 0 }),
          notes.search('x', { offset: -1 }),
          notes.search('x', { mode: 'fuzzy' as never }),
          notes.search(7 as never),
          notes.search('x', { filter: 'year >>> 3' }),
          notes.search(new Float32Array(3)),
          notes.upsert('text' as never),
          notes.upsert([], { batchRows: 0 }),
          TextCollection.create(milvus, { name: 'no spaces', embedder }),
          create({ fields: [{ name: 'text', type: 'varchar' }] }),
          create({ fields: [{ name: 'vector', type: 'varchar' }] }),
          create({ metric: 'HAMMING' }),
          create({ maxTextLength: 70_000 }),
          create({ textField: 'id' }),
        ];
        expect(await Promise.all(wrong.map(codeOf))).toEqual(wrong.map(() => 'invalid-argument'));
        expect(await codeOf(notes.search('x', { limit: 20_000 }))).toBe('limit');
        expect(await notes.search([])).toEqual([]);
        expect(await notes.upsert([])).toEqual({ read: 0, stored: 0, superseded: 0, failed: [] });
      });

      test('a dropped collection is reported as dropped', async () => {
        const collection = await create();
        await collection.drop();
        expect(await milvus.hasCollection(collection.name)).toBe(false);
        expect(await codeOf(collection.search('x'))).toBe('not-found');
        expect(await codeOf(TextCollection.open(milvus, { name: collection.name, embedder }))).toBe(
          'not-found',
        );
        await expect(collection.upsert([{ text: 'x' }])).rejects.toMatchObject({
          code: 'not-found',
          result: { stored: 0, failed: [{ index: 0 }] },
        });
      });
    },
    // Milvus 2.3.5 takes three seconds to load a collection, in which it is idle; Milvus Lite takes none.
    { concurrent: kind === 'milvus' },
  );
}
