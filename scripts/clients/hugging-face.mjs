import assert from 'node:assert/strict';
import { InferenceClient } from '@huggingface/inference';
import { assertNearRows, check, finish, rows, texts, url } from './checks.mjs';

const client = new InferenceClient(undefined, { endpointUrl: url });

await check('@huggingface/inference embeds', async () => {
  assertNearRows(await client.featureExtraction({ inputs: texts }));
});
await check('@huggingface/inference compares sentences', async () => {
  const [source, ...sentences] = texts;
  const found = await client.sentenceSimilarity({ inputs: { source_sentence: source, sentences } });
  const expected = rows.slice(1).map((row) => row.reduce((sum, x, i) => sum + x * rows[0][i], 0));
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-5);
  });
});
finish();
