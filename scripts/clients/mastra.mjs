import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mastra } from '@mastra/core';
import { MilvusVector } from '@model2vec-ts/integrations/mastra';
import { assertRows, check, finish, rows, texts } from './checks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mastra-'));
const address = join(folder, 'store.db');
const store = new MilvusVector({
  id: 'milvus',
  address,
  lite: { python: process.env.M2V_CLIENTS_PYTHON, startTimeoutMs: 180_000 },
});
const indexName = 'texts';
const [dimension] = rows.map((row) => row.length);
const metadata = texts.map((text, i) => ({ text, even: i % 2 === 0, n: i }));

await check('Mastra takes the store', () => {
  assert.equal(new Mastra({ vectors: { milvus: store } }).getVector('milvus'), store);
});
await check('creates an index once, and checks one that exists', async () => {
  await store.createIndex({ indexName, dimension });
  await store.createIndex({ indexName, dimension });
  await assert.rejects(store.createIndex({ indexName, dimension: dimension + 1 }));
  assert.deepEqual(await store.listIndexes(), [indexName]);
});
await check('stores, counts and finds vectors', async () => {
  const ids = await store.upsert({ indexName, vectors: rows, metadata, ids: texts.map((_, i) => `id${i}`) });
  assert.deepEqual(
    ids,
    texts.map((_, i) => `id${i}`),
  );
  assert.deepEqual(await store.describeIndex({ indexName }), {
    dimension,
    count: texts.length,
    metric: 'cosine',
  });
  const [first, second] = await store.query({
    indexName,
    queryVector: rows[1],
    topK: 2,
    includeVector: true,
  });
  assert.equal(first.id, 'id1');
  assert.ok(Math.abs(first.score - 1) < 1e-5 && second.score <= first.score);
  assert.deepEqual(first.metadata, metadata[1]);
  assertRows([first.vector], [rows[1]]);
});
await check('filters', async () => {
  const found = await store.query({
    indexName,
    queryVector: rows[1],
    topK: 10,
    filter: { even: true, n: { $gt: 0 } },
  });
  assert.deepEqual(
    found.map(({ id }) => id).sort(),
    texts.map((_, i) => `id${i}`).filter((_, i) => i > 0 && i % 2 === 0),
  );
  const byText = await store.query({ indexName, filter: { $or: [{ n: 0 }, { n: { $in: [1] } }] } });
  assert.deepEqual(byText.map(({ id }) => id).sort(), ['id0', 'id1']);
});
await check('updates and deletes', async () => {
  await store.updateVector({ indexName, id: 'id0', update: { metadata: { lang: 'en' }, vector: rows[2] } });
  const [found] = await store.query({ indexName, filter: { lang: 'en' }, includeVector: true });
  assert.deepEqual(found.metadata, { ...metadata[0], lang: 'en' });
  assertRows([found.vector], [rows[2]]);
  await store.updateVector({ indexName, filter: { even: false }, update: { metadata: { odd: true } } });
  assert.ok(
    (await store.query({ indexName, filter: { odd: true } })).every(({ metadata }) => metadata.n % 2 === 1),
  );
  await store.deleteVector({ indexName, id: 'id0' });
  await store.deleteVectors({ indexName, filter: { n: { $gte: 3 } } });
  assert.deepEqual(
    (await store.query({ indexName, filter: { n: { $gte: 0 } } })).map(({ id }) => id).sort(),
    ['id1', 'id2'],
  );
  await assert.rejects(store.deleteVectors({ indexName, filter: {} }), /must not be empty/);
  await store.deleteIndex({ indexName });
  assert.deepEqual(await store.listIndexes(), []);
});
await store.close();
rmSync(folder, { recursive: true, force: true });
finish();
