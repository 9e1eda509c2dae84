import { describe, expect, it } from 'vitest';
import { pointColors } from './point-colors.js';

describe('pointColors', () => {
  it('draws all points alike without values', () => {
    expect(pointColors(undefined)).toEqual({ kind: 'none' });
  });

  it('orders labels by frequency, whatever their values', () => {
    const values = ['b', true, 'b', ['x', 2], undefined, null, '', { a: 1 }];
    expect(pointColors(values)).toEqual({
      kind: 'labels',
      of: ['b', 'true', 'b', 'x, 2', '(none)', '(none)', '(none)', '{"a":1}'],
      labels: ['(none)', 'b', 'true', 'x, 2', '{"a":1}'],
    });
  });

  it('merges all labels after the ninth', () => {
    const values = Array.from({ length: 30 }, (_, i) => `l${i < 15 ? i : 0}`);
    const colors = pointColors(values);
    if (colors.kind !== 'labels') throw new RangeError(colors.kind);
    expect(colors.labels).toHaveLength(10);
    expect([colors.labels[0], colors.labels.at(-1)]).toEqual(['l0', 'other']);
    expect(new Set(colors.of)).toEqual(new Set(colors.labels));
  });

  it('treats many numbers as a range, with or without gaps, and few as labels', () => {
    const many = [...Array.from({ length: 12 }, (_, i) => i / 2), 7n, undefined];
    expect(pointColors(many)).toEqual({ kind: 'numbers', of: [...many.slice(0, 12), 7, undefined] });
    expect(pointColors([1, 2, 1, 3]).kind).toBe('labels');
    expect(pointColors([...many, 'x']).kind).toBe('labels');
  });
});
