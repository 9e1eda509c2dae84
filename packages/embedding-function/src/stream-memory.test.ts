import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { modelFolder } from './fixtures/model.js';
import { Model2VecEmbeddingFunction } from './index.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function used(): number {
  collectGarbage();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

it('streams 200,000 texts in constant memory', async () => {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFolder('word-piece-float32'),
  });
  async function* texts(): AsyncGenerator<string> {
    for (let i = 0; i < 200_000; i++) yield `alan turing ${i} was born in london ${i % 977}`;
  }
  let rows = 0;
  let early = 0;
  let most = 0;
  const { signal } = new AbortController();
  for await (const matrix of embedder.encodeStream(texts(), { batchSize: 500, signal })) {
    rows += matrix.rows;
    if (rows === 20_000) early = used();
    else if (rows > 20_000 && rows % 20_000 === 0) most = Math.max(most, used());
  }
  expect(rows).toBe(200_000);
  // All texts and embeddings together are more than 20 MB.
  expect(most - early).toBeLessThan(3_000_000);
}, 60_000);
