import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodePointSet, decodeRanges } from './code-point-set.js';
import { differenceOf } from './range-difference.js';

const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 40 })
  .map((borders) => Uint32Array.from(borders.slice(borders.length & 1)).sort());

function contains(borders: Uint32Array, codePoint: number): boolean {
  return borders.some((start, i) => i % 2 === 0 && start <= codePoint && codePoint < borders[i + 1]!);
}

describe('CodePointSet', () => {
  it('has exactly the code points of its ranges', () => {
    fc.assert(
      fc.property(ranges, fc.array(fc.integer({ min: 0, max: 0x10ffff })), (borders, others) => {
        const set = new CodePointSet(borders);
        for (const probe of [...borders, ...others]) {
          for (const codePoint of [probe - 1, probe, probe + 1]) {
            if (codePoint >= 0) expect(set.has(codePoint)).toBe(contains(borders, codePoint));
          }
        }
      }),
    );
  });

  it('decodes its ranges once, on first use', () => {
    let calls = 0;
    const set = new CodePointSet(() => {
      calls++;
      return Uint32Array.of(5, 7);
    });
    expect(calls).toBe(0);
    expect([4, 5, 6, 7, 0x10000].map((codePoint) => set.has(codePoint))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(set.ranges).toEqual(Uint32Array.of(5, 7));
    expect(calls).toBe(1);
  });
});

describe('decodeRanges', () => {
  it('adds up the distances between borders, low digits first', () => {
    expect(decodeRanges('')).toEqual(new Uint32Array(0));
    // ' ' is 0, 'i' is 71, the last that ends a number; 'j' is 72 and carries on.
    expect(decodeRanges(' ')).toEqual(Uint32Array.of(0));
    expect(decodeRanges('i ')).toEqual(Uint32Array.of(71, 72));
    expect(decodeRanges('j !')).toEqual(Uint32Array.of(72, 74));
    expect(decodeRanges('k!~~ ')).toEqual(Uint32Array.of(73 + 21, 73 + 21 + 1 + 92 + 21 * 92));
  });
});

describe('differenceOf', () => {
  it('contains the code points of exactly one of the two sets', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const difference = differenceOf(a, b);
        for (const border of [...a, ...b]) {
          for (const codePoint of [border - 1, border]) {
            expect(contains(difference, codePoint)).toBe(contains(a, codePoint) !== contains(b, codePoint));
          }
        }
        expect(differenceOf(difference, b)).toEqual(a);
      }),
    );
  });
});
