import { expect, test } from 'vitest';
import { KeySet } from './key-set.js';

test('remembers every key while it grows, and treats a number like the string of its digits', () => {
  const seen = new KeySet();
  const names = Array.from({ length: 20_000 }, (_, i) => `key ${i}`);
  expect(names.every((name) => seen.add(name))).toBe(true);
  expect(names.some((name) => seen.add(name))).toBe(false);
  expect([seen.add(5), seen.add('5'), seen.add(5n), seen.add('')]).toEqual([true, false, false, true]);
  expect(seen.size).toBe(20_002);
});
