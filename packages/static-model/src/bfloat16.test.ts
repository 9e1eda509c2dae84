import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloat16ToNumber, numberToBfloat16, widenBfloat16 } from './bfloat16.js';

const EVERY = Uint16Array.from({ length: 0x1_0000 }, (_, bits) => bits);
const MAX_FINITE = 0x7f7f;

/** The nearest pattern by search among all of them, which are in order as magnitudes. */
function nearestBySearch(value: number): number {
  const magnitude = Math.abs(value);
  let low = 0;
  let high = MAX_FINITE;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bfloat16ToNumber(middle) <= magnitude) low = middle;
    else high = middle - 1;
  }
  // Past the largest number the next step would be 2¹²⁸.
  const above = low === MAX_FINITE ? 2 ** 128 : bfloat16ToNumber(low + 1);
  const below = bfloat16ToNumber(low);
  const down = magnitude - below;
  const up = above - magnitude;
  const nearest = down < up || (down === up && low % 2 === 0) ? low : low + 1;
  return nearest | (Object.is(value, -0) || value < 0 ? 0x8000 : 0);
}

describe('bfloat16', () => {
  it('widens all 65,536 patterns to the float32 with the same upper half', () => {
    const widened = new Float32Array(EVERY.length);
    widenBfloat16(EVERY, widened);
    const bits = new Uint32Array(widened.buffer);
    for (const pattern of EVERY) if (bits[pattern] !== pattern * 0x1_0000) expect.fail(`pattern ${pattern}`);
    expect(bfloat16ToNumber(0x3fc0)).toBe(1.5);
    expect(bfloat16ToNumber(0x0001)).toBe(2 ** -133);
    expect(bfloat16ToNumber(0xff80)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('gives all patterns that are numbers back from their values', () => {
    for (const bits of EVERY) {
      const value = bfloat16ToNumber(bits);
      if (Number.isNaN(value)) expect(bfloat16ToNumber(numberToBfloat16(value))).toBeNaN();
      else if (numberToBfloat16(value) !== bits) expect.fail(`pattern ${bits}`);
    }
  });

  it('rounds any double to the nearest pattern, ties to even', () => {
    const halfWay = fc
      .integer({ min: 0, max: MAX_FINITE - 1 })
      .map((bits) => (bfloat16ToNumber(bits) + bfloat16ToNumber(bits + 1)) / 2);
    const near = fc.tuple(halfWay, fc.constantFrom(0, 2 ** -40, -(2 ** -40))).map(([x, by]) => x * (1 + by));
    const any = fc.double({ noNaN: true, min: -3.4e38, max: 3.4e38 });
    fc.assert(
      fc.property(fc.oneof(any, fc.float({ noNaN: true, noDefaultInfinity: true }), near), (value) => {
        expect(numberToBfloat16(value)).toBe(nearestBySearch(value));
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('makes infinity of what is too large', () => {
    expect(numberToBfloat16(1e39)).toBe(0x7f80);
    expect(numberToBfloat16(-1e300)).toBe(0xff80);
    expect(numberToBfloat16(Number.NEGATIVE_INFINITY)).toBe(0xff80);
  });
});
