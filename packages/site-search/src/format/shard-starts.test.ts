import { expect, it } from 'vitest';
import { shardOf, shortestStart } from './shard-starts.js';

it('finds the shard of each key, and the first one for keys before all', () => {
  const starts = ['', 'ca', 'm', '中'];
  expect(['', 'b', 'c', 'ca', 'cat', 'lz', 'm', 'z', '中', '🦖'].map((key) => shardOf(starts, key))).toEqual([
    0, 0, 0, 1, 1, 1, 2, 2, 3, 3,
  ]);
});

it('shortens a start to what separates it from the key before', () => {
  expect(shortestStart('candle', 'cattle')).toBe('cat');
  expect(shortestStart('cat', 'cattle')).toBe('catt');
  expect(shortestStart('', 'zebra')).toBe('z');
  expect(shortestStart('\uffff', '🦖🦖')).toBe('🦖');
});
