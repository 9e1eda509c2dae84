import { expect, test } from 'vitest';
import { RowPlaces } from './row-places.js';

test('remembers where the most recent rows came from, but not earlier ones', () => {
  const places = new RowPlaces(3);
  for (let i = 0; i < 5; i++) places.add(i % 2, 10 + i);
  expect([1, 2, 3, 4, 5].map((index) => places.of(index))).toEqual([
    undefined,
    { file: 0, line: 12 },
    { file: 1, line: 13 },
    { file: 0, line: 14 },
    undefined,
  ]);
});
