import assert from 'node:assert/strict';
import { Model2VecChromaFunction } from '@model2vec-ts/integrations/chroma';
import { ChromaClient, registerEmbeddingFunction } from 'chromadb';
import { assertRows, check, finish, texts } from './checks.mjs';
import { embedder } from './embedder.mjs';

const [host, port] = process.env.M2V_CLIENTS_CHROMA.split(':');
const model_name = process.env.M2V_CLIENTS_MODEL;
const client = new ChromaClient({ host, port: Number(port) });
registerEmbeddingFunction('model2vec', Model2VecChromaFunction);

await check('Chroma stores and finds texts', async () => {
  const embeddingFunction = new Model2VecChromaFunction({ model_name }, embedder);
  const collection = await client.createCollection({ name: 'texts', embeddingFunction });
  await collection.add({ ids: texts.map((_, i) => String(i)), documents: texts });
  const found = await collection.query({ queryTexts: [texts[2]], nResults: 1 });
  assert.deepEqual(found.ids, [['2']]);
  const stored = await collection.get({ include: ['embeddings'] });
  // Chroma itself alters the last digit.
  assertRows(stored.embeddings, undefined, 1e-6);
});
await check('Chroma makes the function again from its configuration', async () => {
  const collection = await client.getCollection({ name: 'texts' });
  const found = await collection.query({ queryTexts: [texts[1]], nResults: 1 });
  assert.deepEqual(found.ids, [['1']]);
});
await check('a changed model is refused', () => {
  const embeddingFunction = new Model2VecChromaFunction({ model_name });
  assert.throws(() => embeddingFunction.validateConfigUpdate({ model_name: 'other' }), /cannot change/);
  assert.throws(() => Model2VecChromaFunction.buildFromConfig({}), /model_name/);
});
finish();
