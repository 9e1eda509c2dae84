import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_FLOAT32, writeFloat32 } from './float32-decimal.js';

const PAIRS: readonly (readonly [number, string])[] = JSON.parse(
  readFileSync(new URL('../../fixtures/float32-decimals.json', import.meta.url), 'utf8'),
);

function written(value: number): string {
  const out = Buffer.alloc(LONGEST_FLOAT32 + 8, '#');
  const end = writeFloat32(value, out, 4);
  expect(out.toString('latin1', 0, 4)).toBe('####');
  expect(out.toString('latin1', end)).toBe('#'.repeat(out.length - end));
  return out.toString('latin1', 4, end);
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** Significant digits of a decimal. */
function digitsOf(decimal: string): number {
  const mantissa = decimal.replace(/e.*$/i, '').replace(/[-.]/g, '');
  return mantissa.replace(/^0+/, '').replace(/0+$/, '').length;
}

describe('writeFloat32', () => {
  it("needs no more digits than numpy's shortest form, but for powers of two", () => {
    // Below a power of two float32 lie closer than above, so that a shorter decimal may lie on the farther side.
    const longer = PAIRS.filter(([bits, numpy]) => {
      const value = new Float32Array(Uint32Array.of(bits).buffer)[0]!;
      return digitsOf(written(value)) > digitsOf(numpy) && (bits & 0x7fffff) !== 0;
    });
    expect(longer).toEqual([]);
  });

  it('writes decimals that read back as the same bits', () => {
    const differing = PAIRS.filter(([bits]) => {
      const value = new Float32Array(Uint32Array.of(bits).buffer)[0]!;
      return bitsOf(Number(written(value))) !== bits;
    });
    expect(differing).toEqual([]);
  });

  it('writes JSON that reads back as the same bits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(bitsOf(JSON.parse(written(value)))).toBe(bitsOf(value));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-0.5, '-0.5'],
    [100, '100'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1e-5), '0.00001'],
    [Math.fround(-1e-6), '-0.000001'],
    [Math.fround(1e-10), '1e-10'],
    [999_999.9375, '999999.94'],
    [Math.fround(16777216), '16777216'],
  ])('writes %d as %s', (value, text) => {
    expect(written(value)).toBe(text);
  });

  it('needs no more bytes than it says', () => {
    for (const [bits] of PAIRS) {
      const value = new Float32Array(Uint32Array.of(bits).buffer)[0]!;
      expect(written(value).length).toBeLessThanOrEqual(LONGEST_FLOAT32);
    }
  });
});
