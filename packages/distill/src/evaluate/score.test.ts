import { describe, expect, it } from 'vitest';
import { bootstrap, meanScore } from './score.js';

describe('meanScore', () => {
  it('gives an interval as wide as the standard error of the mean implies', () => {
    const figures = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0 : 1));
    const { value, low, high, count } = meanScore('recall', figures);
    expect(value).toBe(0.5);
    expect(count).toBe(400);
    // 1.96 × 0.5 / √400
    expect(low).toBeCloseTo(0.5 - 0.049, 2);
    expect(high).toBeCloseTo(0.5 + 0.049, 2);
  });

  it('gives the same interval each time', () => {
    const figures = [0.1, 0.9, 0.4, 0.3];
    expect(meanScore('x', figures)).toEqual(meanScore('x', figures));
  });

  it('gives a point for items that are all alike', () => {
    expect(bootstrap('x', 10, () => 0.7)).toEqual({
      metric: 'x',
      value: 0.7,
      low: 0.7,
      high: 0.7,
      count: 10,
    });
  });
});
