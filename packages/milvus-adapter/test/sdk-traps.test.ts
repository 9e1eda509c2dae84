import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { DataType, MilvusClient } from '@zilliz/milvus2-sdk-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  connectMilvus,
  type MilvusConnection,
  MilvusError,
  TextCollection,
  withEmbeddings,
} from '../src/index.js';
import { placeholderGroup } from '../src/wire/search-request.js';
import { writeVectors } from '../src/wire/vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from '../src/wire/vector-type.js';
import { emitSources } from './servers/emitted-sources.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { breakingProxy } from './support/breaking-proxy.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

const run = promisify(execFile);

test('trap: a server that does not answer causes an error that can be caught, and the process continues', async () => {
  // In a separate process, because the effect of an unhandled rejection is visible only there.
  const sources = await emitSources('sdk-traps');
  const program = `
    import { MilvusClient } from '@zilliz/milvus2-sdk-node';
    import { connectMilvus, withEmbeddings } from '${pathToFileURL(join(sources.folder, 'index.js'))}';
    const embedder = { dim: 2, fingerprint: 'x', encodeDocuments: async (t) => t.map(() => new Float32Array(2)), encodeQueries: async (t) => t.map(() => new Float32Array(2)) };
    const codes = [];
    for (const target of ['http://127.0.0.1:1', { address: '127.0.0.1:1', user: 'root', password: 'hush-hush' }]) {
      await connectMilvus(target).catch((error) => codes.push(error.code, error instanceof Error, /127.0.0.1:1/.test(error.message), /hush/.test(JSON.stringify(error) + error.message + error.stack)));
    }
    const texts = withEmbeddings(new MilvusClient({ address: '127.0.0.1:1', logLevel: 'error' }), embedder);
    await texts.insert({ collection_name: 'x', data: [{ text: 'a' }] }).catch((error) => codes.push(error.code));
    await new Promise((resolve) => setTimeout(resolve, 500));
    console.log(JSON.stringify(codes));
    process.exit(0);
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('.', import.meta.url),
  });
  await sources.remove();
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual([
    'unreachable',
    true,
    true,
    false,
    'unreachable',
    true,
    true,
    false,
    'unreachable',
  ]);
}, 60_000);

test('an address without a server is reported without the library’s wrapper', async () => {
  await expect(connectMilvus('http://127.0.0.1:1')).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(
      /^connecting to Milvus at http:\/\/127\.0\.0\.1:1: no answer \(connect ECONNREFUSED 127\.0\.0\.1:1\); check that Milvus is running/,
    ),
  });
});

test('trap: a silent server times out as requested', async () => {
  const silent = createServer();
  silent.on('connection', (socket) => socket.on('error', () => {}));
  silent.removeAllListeners('request');
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const began = Date.now();
  const failure = await connectMilvus({ address: `127.0.0.1:${port}`, connectTimeout: 500 }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'MilvusError', code: 'unreachable' });
  // The SDK waits 15 seconds for each attempt.
  expect(Date.now() - began).toBeLessThan(15_000);
  silent.closeAllConnections();
  silent.close();
});

test('trap: a query vector is converted to the type of its field, even from a typed array', () => {
  const vector = Float32Array.of(1, -2, 3, 4, 5, 6, 7, 8);
  for (const type of Object.keys(VECTOR_TYPES) as VectorType[]) {
    const stored = Buffer.alloc(VECTOR_TYPES[type].byteLength(8));
    writeVectors(type, [vector], 8, stored, 0);
    const sent = placeholderGroup({ kind: 'vectors', type, dim: 8, vectors: [vector] });
    // A field of protobuf: its number and kind, its length, its bytes.
    expect(sent.includes(Buffer.concat([Buffer.of(0x1a, stored.length), stored])), type).toBe(true);
  }
});

test('trap: a view into a larger buffer is sent without the rest, in every type', () => {
  const large = new Float32Array(24).fill(99);
  large.set([1, -2, 3, 4, 5, 6, 7, 8], 8);
  for (const type of Object.keys(VECTOR_TYPES) as VectorType[]) {
    const [ofView, ofCopy] = [large.subarray(8, 16), large.slice(8, 16)].map((vector) => {
      const bytes = Buffer.alloc(VECTOR_TYPES[type].byteLength(8));
      writeVectors(type, [vector], 8, bytes, 0);
      return bytes;
    });
    expect(ofView, type).toEqual(ofCopy);
  }
});

test('trap: bfloat16 is rounded', () => {
  const bytes = Buffer.alloc(2);
  writeVectors('bfloat16', [Float32Array.of(1.0126953125)], 1, bytes, 0);
  expect(bytes.toString('hex')).toBe('823f');
});

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    "no trap of the SDK's shows through",
    () => sharedServer(kind),
    (server) => {
      const embedder = wordEmbedder(8);
      const vector = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
      let milvus: MilvusConnection;
      /** For tests that check only their own rows; creating one takes Milvus 2.3.5 seconds. */
      let shared: TextCollection;

      beforeAll(async () => {
        milvus = await connectMilvus(server.connect);
        shared = await TextCollection.create(milvus, { name: collectionName(), embedder, dynamic: true });
      }, 60_000);
      afterAll(async () => {
        await milvus?.close();
      });

      test('trap: typed arrays can be stored in dynamic collections and read back unchanged', async () => {
        const result = await shared.upsert([{ id: 'a', text: 'x', vector, when: new Date(0), loose: true }]);
        expect(result.failed).toEqual([]);
        expect(await shared.get('a', { fields: ['vector', 'when', 'loose'] })).toEqual({
          id: 'a',
          text: 'x',
          fields: { vector, when: '1970-01-01T00:00:00.000Z', loose: true },
        });
      });

      test('trap: NaN and bigints beyond 64 bits in dynamic fields are refused by name, not turned into null', async () => {
        const { stored, failed } = await shared.upsert([
          { id: 'a', text: 'x', n: Number.NaN },
          { id: 'b', text: 'x', n: 2n ** 64n },
          { id: 'c', text: 'x', n: { deep: [Number.NEGATIVE_INFINITY] } },
        ]);
        expect(stored).toBe(0);
        expect(failed.map(({ id, reason }) => [id, /^field n(\.deep\[0\])? (is|must)/.test(reason)])).toEqual(
          [
            ['a', true],
            ['b', true],
            ['c', true],
          ],
        );
      });

      test('trap: a view into a larger buffer is stored and searched without the rest', async () => {
        const large = new Float32Array(24).fill(99);
        large.set(vector, 8);
        const view = large.subarray(8, 16);
        await shared.upsert([{ id: 'view', text: 'x', vector: view }]);
        const { hits } = await shared.search(view, { filter: 'id == "view"', fields: ['vector'] });
        expect(hits[0]!.fields.vector).toEqual(vector);
        expect(hits[0]!.score).toBeCloseTo(1, 5);
      });

      test('trap: an insert creates no list of numbers and no JSON of the request', async () => {
        const stringify = vi.spyOn(JSON, 'stringify');
        try {
          await shared.upsert(
            Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, text: `text ${i}`, vector })),
          );
          expect(stringify).not.toHaveBeenCalled();
        } finally {
          stringify.mockRestore();
        }
      });

      test('trap: a proxy in the environment does not intercept calls to this machine', async () => {
        const asked: (string | undefined)[] = [];
        const proxy = createServer().on('connect', ({ url }, socket) => {
          asked.push(url);
          socket.destroy();
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
        const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy']) vi.stubEnv(name, url);
        for (const name of ['no_proxy', 'no_grpc_proxy']) vi.stubEnv(name, undefined);
        try {
          const direct = await connectMilvus(server.connect);
          expect(await direct.hasCollection('nowhere')).toBe(false);
          await direct.close();
        } finally {
          vi.unstubAllEnvs();
          proxy.close();
        }
        expect(asked).toEqual([]);
      });

      test('trap: a failed creation rejects with an Error that has a code', async () => {
        const name = collectionName();
        await TextCollection.create(milvus, { name, embedder });
        const failure = await TextCollection.create(milvus, { name, embedder, dynamic: false }).catch(
          (error: unknown) => error,
        );
        expect(failure).toBeInstanceOf(Error);
        expect(MilvusError.isInstance(failure)).toBe(true);
        expect((failure as Error).message).toContain(name);
      });

      test('trap: a wrong dimension never resolves as success', async () => {
        const name = collectionName();
        const collection = await TextCollection.create(milvus, { name, embedder });
        const wide = await TextCollection.open(milvus, { name, embedder });
        // As if another client had recreated the collection meanwhile.
        Object.assign(wide, { embedder: { ...wordEmbedder(16) } });
        Object.assign(wide.layout.vector, { dim: 16 });
        const { stored, failed } = await wide.upsert([{ text: 'one' }, { text: 'two' }]);
        expect([stored, failed.map(({ index }) => index)]).toEqual([0, [0, 1]]);
        expect(failed[0]!.reason).toMatch(/dim|num_rows/);
        expect(await collection.count()).toBe(0);
      });

      test('trap: searching a missing collection reports it', async () => {
        const collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
        await collection.drop();
        await expect(collection.search('x')).rejects.toMatchObject({
          name: 'MilvusError',
          code: 'not-found',
        });
      });

      test('trap: a call that the server does not know is not a success', async () => {
        if (kind === 'lite') {
          await expect(
            milvus.channel.call('CreateRole', { entity: { name: 'r' } }, { what: 'x' }),
          ).rejects.toMatchObject({
            code: 'unsupported',
          });
        }
        await expect(milvus.channel.call('NoSuchCall', {}, { what: 'x' })).rejects.toMatchObject({
          code: 'unsupported',
        });
      });

      test('trap: hits have their id even if the key is not among the requested fields', async () => {
        await shared.upsert([{ id: 'hit', text: 'x', other: 1 }]);
        const { hits } = await shared.search('x', { filter: 'other == 1', fields: ['other'] });
        expect(hits).toMatchObject([{ id: 'hit', text: 'x', fields: { other: 1 } }]);
      });

      test('trap: all rows can be iterated on either server', async () => {
        const collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
        const rows = Array.from({ length: 25 }, (_, i) => ({
          id: `r${String.fromCharCode(97 + i)}`,
          text: `text ${i}`,
        }));
        await collection.upsert(rows);
        const found: unknown[] = [];
        for await (const { id } of collection.rows({ pageSize: 10 })) found.push(id);
        expect(found).toEqual(rows.map(({ id }) => id));
      });

      test('trap: an insert whose answer was lost is not resent, and its outcome is reported as unknown', async () => {
        const { name } = shared;
        const before = await shared.count('', { consistency: 'strong' });
        const proxy = await breakingProxy(server.address, 'lost-answer');
        const far = await connectMilvus(proxy.address);
        const same = await TextCollection.open(far, { name, embedder });
        const failure = await same
          .insert([{ id: 'inserted', text: 'lost-answer' }])
          .catch((error: unknown) => error);
        expect(failure).toMatchObject({
          name: 'IngestError',
          code: 'unreachable',
          result: { stored: 0, failed: [{ id: 'inserted' }] },
        });
        expect(proxy.broken).toBe(1);
        // The row belongs to another connection, so a session of this one may not see it yet.
        expect(await shared.count('', { consistency: 'strong' })).toBe(before + 1);
        await far.close();
        await proxy.close();
      }, 60_000);

      test('trap: an upsert whose answer was lost is resent, and the row exists once', async () => {
        const { name } = shared;
        const before = await shared.count('', { consistency: 'strong' });
        const proxy = await breakingProxy(server.address, 'lost-answer');
        const far = await connectMilvus(proxy.address);
        const same = await TextCollection.open(far, { name, embedder });
        expect(await same.upsert([{ id: 'upserted', text: 'lost-answer' }])).toMatchObject({
          stored: 1,
          failed: [],
        });
        expect(proxy.broken).toBe(1);
        expect(await shared.count('', { consistency: 'strong' })).toBe(before + 1);
        await far.close();
        await proxy.close();
      }, 60_000);

      if (kind === 'lite') {
        test('trap: full text is searched without naming a metric', async () => {
          const collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
          await collection.upsert([
            { id: 'a', text: 'bread needs yeast' },
            { id: 'b', text: 'the moon pulls the tides' },
          ]);
          for (const mode of ['fullText', 'hybrid'] as const) {
            const { hits } = await collection.search('yeast', { mode, limit: 1 });
            expect(hits.map(({ id }) => id)).toEqual(['a']);
          }
        });

        test('trap: typed arrays can be stored in a nullable vector field', async () => {
          const client = new MilvusClient({ address: server.address, logLevel: 'error' });
          const name = collectionName();
          await client.createCollection({
            collection_name: name,
            fields: [
              { name: 'id', data_type: DataType.Int64, is_primary_key: true },
              { name: 'text', data_type: DataType.VarChar, max_length: 40 },
              { name: 'vector', data_type: DataType.FloatVector, dim: 8, nullable: true },
            ],
          });
          const texts = withEmbeddings(client, embedder);
          const data = [
            { id: 1, text: 'bread' },
            { id: 2, text: 'moon' },
          ];
          expect(await texts.insert({ collection_name: name, data })).toEqual({
            insertCount: 2,
            ids: [1, 2],
          });
          await client.closeConnection();
        });
      }

      test('the same steps with your own client, in the order of pymilvus’ documentation', async () => {
        const { tls: _tls, ...plain } = server.connect;
        const client = new MilvusClient({ ...plain, address: server.address, logLevel: 'error' });
        const name = collectionName();
        const texts = withEmbeddings(client, embedder);
        expect(texts.dim).toBe(8);
        expect((await texts.encodeDocuments(['a', 'b'])).map((each) => each.length)).toEqual([8, 8]);
        expect(await texts.encodeQueries(['a'])).toHaveLength(1);
        await client.createCollection({
          collection_name: name,
          fields: [
            { name: 'id', data_type: DataType.Int64, is_primary_key: true },
            { name: 'vector', data_type: DataType.FloatVector, dim: texts.dim },
          ],
          enable_dynamic_field: true,
        });
        await client.createIndex({
          collection_name: name,
          field_name: 'vector',
          index_type: 'AUTOINDEX',
          metric_type: 'COSINE',
        });
        await client.loadCollectionSync({ collection_name: name });
        const data = [
          { id: 1, text: 'Alan Turing was born in Maida Vale', subject: 'history' },
          { id: 2, text: 'bread needs yeast', subject: 'food' },
        ];
        expect(await texts.insert({ collection_name: name, data })).toEqual({ insertCount: 2, ids: [1, 2] });
        expect(await texts.upsert({ collection_name: name, data: [data[1]!] })).toMatchObject({
          upsertCount: 1,
        });
        const [found] = await texts.search({
          collection_name: name,
          data: ['where was Turing born'],
          limit: 1,
          output_fields: ['text', 'subject'],
        });
        expect(found).toEqual([
          { id: 1, distance: expect.any(Number), entity: { text: data[0]!.text, subject: 'history' } },
        ]);
        await texts.insert({ collection_name: name, data: [{ id: 3, text: 'the moon pulls the tides' }] });
        const [moon] = await texts.search({
          collection_name: name,
          data: 'the moon pulls the tides',
          limit: 1,
        });
        expect(moon!.map(({ id }) => id)).toEqual([3]);
        await expect(
          texts.insert({ collection_name: name, data: [{ id: 'x', text: 'a' }] }),
        ).rejects.toMatchObject({
          code: 'invalid-argument',
        });
        await expect(texts.insert({ collection_name: 'nowhere', data })).rejects.toMatchObject({
          code: 'not-found',
        });
        await client.closeConnection();
      });
    },
  );
}

test('no error of this package is a bare Error', () => {
  const sources = fileURLToPath(new URL('../src/', import.meta.url));
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const source = readFileSync(join(sources, file), 'utf8');
    expect(source, file).not.toMatch(/new (Type|Range)?Error\(/);
  }
});
