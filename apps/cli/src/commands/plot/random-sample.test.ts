import { describe, expect, it } from 'vitest';
import { RandomSample, seededRandom } from './random-sample.js';

function sampled(count: number, size: number, seed: number): readonly number[] {
  const sample = new RandomSample<number>(size, seededRandom(seed));
  for (let i = 0; i < count; i++) sample.offer(i);
  expect(sample.seen).toBe(count);
  return sample.elements();
}

describe('RandomSample', () => {
  it('keeps all elements of a short stream, in order', () => {
    expect(sampled(3, 5, 1)).toEqual([0, 1, 2]);
    expect(sampled(0, 5, 1)).toEqual([]);
  });

  it('keeps the allowed number, each once and in order, the same for a seed', () => {
    const found = sampled(1000, 50, 7);
    expect(new Set(found).size).toBe(50);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(sampled(1000, 50, 7)).toEqual(found);
    expect(sampled(1000, 50, 8)).not.toEqual(found);
  });

  it('keeps each element with the same probability', () => {
    const counts = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      for (const each of sampled(20, 5, seed * 7919)) counts[each]!++;
    }
    // 500 are expected of each; five standard deviations are about 97.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});
