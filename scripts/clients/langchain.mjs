import assert from 'node:assert/strict';
import { Model2VecEmbeddings, TextStoreRetriever } from '@model2vec-ts/integrations/langchain';
import { TextIndex } from '@model2vec-ts/search';
import { assertRows, check, finish, rows, texts } from './checks.mjs';
import { embedder } from './embedder.mjs';

await check('LangChain embeds', async () => {
  const embeddings = new Model2VecEmbeddings(embedder);
  assertRows(await embeddings.embedDocuments(texts));
  assertRows([await embeddings.embedQuery(texts[0])], [rows[0]]);
});
await check('LangChain retrieves from a text store, with metadata and a filter', async () => {
  const store = await TextIndex.create({ embedder });
  await store.upsert(texts.map((text, i) => ({ id: i, text, even: i % 2 === 0 })));
  const retriever = new TextStoreRetriever({ store, limit: 2 });
  const documents = await retriever.invoke(texts[1]);
  assert.equal(documents.length, 2);
  assert.equal(documents[0].pageContent, texts[1]);
  assert.equal(documents[0].metadata.id, 1);
  assert.equal(documents[0].metadata.even, false);
  assert.ok(documents[0].metadata.score >= documents[1].metadata.score);
  const filtered = await new TextStoreRetriever({ store, filter: 'even == true' }).invoke(texts[1]);
  assert.ok(filtered.length > 0 && filtered.every(({ metadata }) => metadata.even));
  const batch = await retriever.batch([texts[0], texts[2]]);
  assert.deepEqual(
    batch.map(([first]) => first.pageContent),
    [texts[0], texts[2]],
  );
});
finish();
