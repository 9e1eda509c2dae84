import { describe, expect, it } from 'vitest';
import { evaluateSimilarity, spearman } from './similarity.js';

describe('spearman', () => {
  it('gives what scipy.stats.spearmanr gives, with equal values', () => {
    const found = spearman(Float64Array.of(1, 2, 2, 4, 7, 3), Float64Array.of(3, 1, 4, 4, 9, 2));
    expect(found).toBeCloseTo(0.5735294117647058, 12);
  });

  it('is 0 if a side does not vary', () => {
    expect(spearman(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3))).toBe(0);
  });
});

describe('evaluateSimilarity', () => {
  const encode = async (texts: readonly string[]): Promise<Float32Array> =>
    Float32Array.from(texts.flatMap((text) => [Math.cos(Number(text)), Math.sin(Number(text))]));

  it('correlates cosines with scores', async () => {
    const pairs = [0.1, 0.9, 0.4, 1.2].map((angle) => ({ first: '0', second: String(angle), score: -angle }));
    const [score] = await evaluateSimilarity({ encode }, pairs);
    expect(score).toMatchObject({ metric: 'spearman', value: 1, count: 4 });
  });

  it('refuses a single pair', async () => {
    await expect(
      evaluateSimilarity({ encode }, [{ first: '0', second: '1', score: 1 }]),
    ).rejects.toMatchObject({
      code: 'malformed-data',
      message: 'a correlation needs at least two pairs; found 1',
    });
  });

  it('refuses vectors that are not finite, and names the text', async () => {
    const broken = { encode: async () => Float32Array.of(Number.NaN, 1, 1, 1) };
    const pairs = ['bad', 'good'].map((first) => ({ first, second: 'x', score: 1 }));
    await expect(evaluateSimilarity(broken, pairs)).rejects.toThrow(
      'the vector of the text "bad" is not finite',
    );
  });
});
