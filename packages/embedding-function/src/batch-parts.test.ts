import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchParts } from './batch-parts.js';

function batchOf(lengths: readonly number[]) {
  const offsets = Uint32Array.from([0, ...lengths]);
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  return { ids: Uint32Array.from({ length: offsets.at(-1)! }, (_, i) => i), offsets };
}

it('returns a batch that fits unchanged', () => {
  const batch = batchOf([3, 0, 2]);
  expect([...batchParts(batch, 5)]).toEqual([{ batch, first: 0 }]);
});

it('splits a batch into parts within the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6)), fc.integer({ min: 6, max: 15 }), (lengths, limit) => {
      const batch = batchOf(lengths);
      const found: number[][] = [];
      for (const part of batchParts(batch, limit)) {
        expect(part.first).toBe(found.length);
        expect(part.batch.ids.length).toBeLessThanOrEqual(limit);
        for (let i = 0; i + 1 < part.batch.offsets.length; i++) {
          found.push([...part.batch.ids.subarray(part.batch.offsets[i], part.batch.offsets[i + 1])]);
        }
      }
      const { ids, offsets } = batch;
      expect(found).toEqual(lengths.map((_, i) => [...ids.subarray(offsets[i], offsets[i + 1])]));
    }),
  );
});

it('refuses a text that fits in no part', () => {
  expect(() => [...batchParts(batchOf([1, 9, 1]), 8)]).toThrow(
    /9 tokens; the kernel takes 8 at a time; pass maxLength: 8 or less/,
  );
});
