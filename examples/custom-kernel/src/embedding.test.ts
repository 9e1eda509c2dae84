import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { expect, it } from 'vitest';
import { maxKernel } from './max-kernel.js';
import './register.js';

const TEXTS = ['Alan Turing was born in London.', '', 'word '.repeat(400)];

/** The largest value of each dimension, computed from the token vectors of a built-in kernel. */
async function largestOfTokens(text: string): Promise<number[]> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel: 'js' });
  const [tokens] = await embedder.encodeAsSequence([text]);
  await embedder.close();
  const rows = [...tokens!];
  return Array.from({ length: tokens!.dim }, (_, j) =>
    rows.length === 0 ? 0 : Math.max(...rows.map((row) => row[j]!)),
  );
}

it.each([
  ['as an object', maxKernel],
  ['by its name', 'max'],
] as const)('an embedding function pools with the kernel, passed %s', async (_, kernel) => {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: minilmL6,
    kernel,
    normalize: false,
  });
  const embeddings = await embedder.encodeDocuments(TEXTS);
  for (const [i, text] of TEXTS.entries()) {
    expect([...embeddings[i]!]).toEqual(await largestOfTokens(text));
    expect([...embedder.encodeSync([text]).row(0)]).toEqual([...embeddings[i]!]);
  }
  expect(embedder.kernel).toBe('max');
  await embedder.close();
});

it('the fingerprint distinguishes its embeddings from means', async () => {
  const options = { modelSource: minilmL6 } as const;
  const largest = await Model2VecEmbeddingFunction.create({ ...options, kernel: 'max' });
  const means = await Model2VecEmbeddingFunction.create(options);
  expect(largest.fingerprint).toBe(`${means.fingerprint};reduction=max`);
  expect(means.kernel).not.toBe('max');
  await Promise.all([largest.close(), means.close()]);
});

it('a float16 model is refused at creation, and the error names the supported types', async () => {
  const options = { modelSource: minilmL6, quantizeTo: 'float16' } as const;
  await expect(Model2VecEmbeddingFunction.create({ ...options, kernel: 'max' })).rejects.toMatchObject({
    code: 'unsupported-table',
    message: expect.stringContaining('max accepts float64, float32, int8'),
  });
});
