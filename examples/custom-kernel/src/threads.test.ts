import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { expect, it, vi } from 'vitest';
// The compiled files: another thread imports them as a program would.
import { LoadedMaxKernel } from '../dist/loaded-max-kernel.js';
import { maxKernel } from '../dist/max-kernel.js';

const TEXTS = Array.from({ length: 5000 }, (_, i) => `text ${i} about ${i % 97} things and ${i % 13} more`);

it('another thread pools some of the texts, with the same results', { timeout: 60_000 }, async () => {
  const options = { modelSource: minilmL6, kernel: maxKernel } as const;
  const alone = await Model2VecEmbeddingFunction.create({ ...options, threads: 1 });
  const expected = alone.encodeSync(TEXTS).data;
  await alone.close();

  const embedder = await Model2VecEmbeddingFunction.create({ ...options, threads: 2 });
  const pool = vi.spyOn(LoadedMaxKernel.prototype, 'pool');
  let here: number;
  do {
    pool.mockClear();
    const { data } = await embedder.encode(TEXTS);
    expect(data.findIndex((value, i) => value !== expected[i])).toBe(-1);
    here = pool.mock.calls.reduce((texts, [{ offsets }]) => texts + offsets.length - 1, 0);
    // The first calls may finish before the other thread has loaded.
  } while (here === TEXTS.length && embedder.threads === 2);
  expect(here).toBeLessThan(TEXTS.length);
  expect([embedder.threads, embedder.threadLimit]).toEqual([2, undefined]);
  await embedder.close();
});
