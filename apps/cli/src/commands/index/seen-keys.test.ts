import { expect, it } from 'vitest';
import { SeenKeys } from './seen-keys.js';

it('reports each key as new exactly once, through growth', () => {
  const keys = new SeenKeys();
  const names = Array.from({ length: 50_000 }, (_, i) => `key ${i}`);
  expect(names.every((name) => keys.add(name))).toBe(true);
  expect(names.some((name) => keys.add(name))).toBe(false);
});

it('treats a number and the string of its digits as the same key', () => {
  const keys = new SeenKeys();
  expect([keys.add(5), keys.add('5'), keys.add(5n), keys.add('05')]).toEqual([true, false, false, true]);
});
