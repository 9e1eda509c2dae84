import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Key } from '../store/text-row.js';
import { KeyTable } from './key-table.js';

it('finds what a map of the keys finds, after any additions and removals', () => {
  const key = fc.oneof(
    fc.integer({ min: -40, max: 40 }),
    fc.constantFrom<Key>(
      '',
      '1',
      'a',
      'b',
      2 ** 32 + 1,
      2 ** 53 - 1,
      -(2 ** 40),
      2n ** 60n,
      2n ** 60n + 1n,
      -(2n ** 61n),
    ),
    fc.nat({ max: 40 }).map((n) => `key ${n}`),
  );
  const step = fc.record({ key, isRemoval: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
      const keys: Key[] = [];
      const table = new KeyTable((row) => keys[row]);
      const rows = new Map<Key, number>();
      for (const each of steps) {
        expect(table.rowOf(each.key)).toBe(rows.get(each.key));
        if (each.isRemoval) {
          table.remove(each.key);
          rows.delete(each.key);
        } else if (!rows.has(each.key)) {
          rows.set(each.key, keys.length);
          table.add(each.key, keys.length);
          keys.push(each.key);
        }
        expect(table.size).toBe(rows.size);
      }
    }),
  );
});

it('keeps many keys', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? i : `docs/${i}.md`));
  const table = new KeyTable((row) => keys[row]);
  keys.forEach((key, row) => {
    table.add(key, row);
  });
  expect(keys.findIndex((key, row) => table.rowOf(key) !== row)).toBe(-1);
  expect(table.rowOf('docs/0.md')).toBeUndefined();
});
