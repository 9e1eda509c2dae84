import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connectMilvus,
  IngestError,
  type MilvusConnection,
  TextCollection,
  type TextRow,
} from '../src/index.js';
import { startLiteServer } from './servers/lite-server.js';
import { startMilvusServer } from './servers/milvus-server.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

const embedder = wordEmbedder(16);

const STARTS = {
  lite: startLiteServer,
  milvus: () => startMilvusServer({ sessionSeconds: 12 }),
};

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn('when the server goes', STARTS[kind], (server) => {
    let milvus: MilvusConnection;
    let collection: TextCollection;

    beforeAll(async () => {
      milvus = await connectMilvus({ ...server.connect, waitFor: 60_000 });
      collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
    }, 120_000);
    afterAll(async () => {
      await milvus?.close();
      await server.stop();
    }, 60_000);

    test('and comes back during an ingest, every row exists once', async () => {
      const many = 4000;
      let restarted: Promise<void> | undefined;
      function* source(): Generator<TextRow> {
        for (let i = 0; i < many; i++) {
          if (i === 1500) restarted = server.kill().then(() => server.restart());
          yield { text: `generated text number ${i}`, n: i };
        }
      }
      const result = await collection.upsert(source(), { batchRows: 100, retryFor: 120_000 });
      await restarted;
      expect(result).toEqual({ read: many, stored: many, superseded: 0, failed: [] });
      expect(await collection.count()).toBe(many);
      const { hits } = await collection.search('generated text number 77', { mode: 'dense', limit: 1 });
      expect(hits[0]!.text).toBe('generated text number 77');
    }, 240_000);

    // Milvus 2.3.5 may not restart within minutes after an orderly stop.
    if (kind === 'lite')
      test('an orderly restart between two calls goes unnoticed', async () => {
        await server.restart();
        const { hits } = await collection.search('generated text number 99', { mode: 'dense', limit: 1 });
        expect(hits[0]!.text).toBe('generated text number 99');
        expect(hits[0]!.text).toBe('generated text number 99');
        expect(await collection.upsert([{ id: 'after', text: 'after' }])).toMatchObject({ stored: 1 });
      }, 120_000);

    test('and stays away, calls fail with an error that names the address', async () => {
      await server.kill();
      const failure = await collection
        .upsert(
          Array.from({ length: 500 }, (_, i) => ({ text: `more ${i}` })),
          { batchRows: 100, retryFor: 300 },
        )
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(IngestError);
      expect(failure).toMatchObject({ code: 'unreachable', result: { stored: 0 } });
      const { result, message } = failure as IngestError;
      expect(result.failed).toHaveLength(result.read);
      expect(message).toContain(server.address.split(':')[1]);
      const insert = collection.insert([{ text: 'x' }]);
      await expect(insert).rejects.toMatchObject({
        code: 'unreachable',
        result: { failed: [{ index: 0 }] },
      });
    }, 60_000);
  });
}

await describeOn(
  'a request larger than the server takes',
  () => sharedServer('milvus'),
  (server) => {
    const text = 'x'.repeat(60_000);
    const rows = Array.from({ length: 1300 }, (_, i) => ({ id: `r${i}`, text: `${i} ${text}` }));

    test('is halved until it fits, whether the client or the server detects it', async () => {
      const milvus = await connectMilvus(server.connect);
      const quiet = {
        ...embedder,
        encodeDocuments: async (texts: readonly string[]) => texts.map(() => new Float32Array(16).fill(1)),
      };
      for (const maxMessageBytes of [milvus.capabilities.maxMessageBytes, Number.POSITIVE_INFINITY]) {
        const collection = await TextCollection.create(milvus, { name: collectionName(), embedder: quiet });
        Object.assign(milvus.capabilities, { maxMessageBytes });
        // 78 MB where the server takes 64 MiB.
        const result = await collection.upsert(rows, { batchRows: 5000, batchBytes: 200_000_000 });
        expect(result).toEqual({ read: 1300, stored: 1300, superseded: 0, failed: [] });
        expect(await collection.count()).toBe(1300);
        await collection.drop();
      }
      await milvus.close();
    }, 120_000);
  },
);

await describeOn(
  'a server with a login and TLS',
  () => sharedServer('milvus-secured'),
  (server) => {
    const { address, user, password, token, tls } = server.connect;

    test('stores texts and returns them', async () => {
      const milvus = await connectMilvus(server.connect);
      const collection = await TextCollection.create(milvus, { name: collectionName(), embedder });
      expect(await collection.upsert([{ text: 'hello' }])).toMatchObject({ stored: 1, failed: [] });
      expect((await collection.search('hello')).hits[0]!.text).toBe('hello');
      await milvus.close();
    }, 60_000);

    test('refuses a wrong password, no login and an untrusted certificate, and no message contains the secret', async () => {
      const secret = 'sesame-open';
      const login = { address, ...(tls === undefined ? {} : { tls }) };
      const attempts = [
        { ...server.connect, user: user ?? 'root', password: secret },
        { ...login, token: `root:${secret}` },
        login,
        { address: `https://${server.address}`, user: 'root', password: secret },
      ];
      for (const options of attempts) {
        const failure = await connectMilvus(options).catch((error: unknown) => error);
        expect(failure).toMatchObject({ name: 'MilvusError', code: 'refused' });
        expect(`${(failure as Error).stack} ${JSON.stringify(failure)}`).not.toContain(secret);
      }
      expect(password ?? token).toBeDefined();
    }, 60_000);

    test('a missing database is reported', async () => {
      await expect(connectMilvus({ ...server.connect, database: 'nowhere' })).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('default'),
      });
    });
  },
);
