import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../../scripts/web-assembly-refusals.mjs';
import { FLOAT32_JSON_BYTES, writeFloat32Json, writeInJavaScript } from './float32-json.js';

/** Bits of float32 and numpy's shortest decimals of them, from `scripts/float32-decimals.py`. */
const PAIRS: readonly (readonly [number, string])[] = JSON.parse(
  readFileSync(new URL('./fixtures/float32-decimals.json', import.meta.url), 'utf8'),
);

function float(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!;
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

function inWasm(values: readonly number[]): string {
  const out = Buffer.alloc(values.length * FLOAT32_JSON_BYTES + 8, '#');
  const end = writeFloat32Json(Float32Array.from(values), out, 4);
  expect(out.toString('latin1', 0, 4)).toBe('####');
  return out.toString('latin1', 4, end);
}

function inJavaScript(values: readonly number[]): string {
  const out = Buffer.alloc(values.length * FLOAT32_JSON_BYTES);
  const end = writeInJavaScript(Float32Array.from(values), 0, values.length, out, 0);
  return out.toString('latin1', 0, end - 1);
}

/** Digits of a decimal without point, exponent and zeros around them. */
function digitsOf(decimal: string): string {
  return decimal.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}

/** Whole numbers of `length` digits, times a power of ten, around a value. */
function decimalsAround(value: number, length: number): number[] {
  const [digits, exponent] = value.toExponential(Math.max(length, 1) - 1).split('e');
  const whole = BigInt(digits!.replace('.', ''));
  return [-1n, 0n, 1n].map((step) => Number(`${whole + step}e${Number(exponent) - (length - 1)}`));
}

describe.each([
  ['WebAssembly', inWasm],
  ['JavaScript', inJavaScript],
] as const)('float32 as JSON by %s', (_, written) => {
  it("has numpy's shortest digits", () => {
    const differing = PAIRS.filter(([bits, numpy]) => digitsOf(written([float(bits)])) !== digitsOf(numpy));
    expect(PAIRS.length).toBeGreaterThan(1000);
    expect(differing).toEqual([]);
  });

  it('reads back as the same bits, over all exponents and both signs', () => {
    for (let exponent = 0; exponent < 255; exponent++) {
      const values: number[] = [];
      for (const fraction of [0, 1, 2, 0x3fffff, 0x400000, 0x555555, 0x7ffffe, 0x7fffff]) {
        values.push(float((exponent << 23) | fraction), float(((exponent << 23) | fraction) + 0x80000000));
      }
      const read: number[] = JSON.parse(`[${written(values)}]`);
      expect(read.map(bitsOf)).toEqual(values.map(bitsOf));
    }
  });

  it('reads back as the same bits for random values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          expect(JSON.parse(`[${written(values)}]`).map(bitsOf)).toEqual(values.map(bitsOf));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has no shorter decimal that reads back as the same float', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(1e-44) }), (value) => {
        const length = digitsOf(written([value])).length;
        for (let shorter = 1; shorter < length; shorter++) {
          for (const decimal of decimalsAround(value, shorter)) expect(Math.fround(decimal)).not.toBe(value);
        }
      }),
      { numRuns: 1500 },
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
    [Math.fround(1e-7), '1e-7'],
    [Math.fround(-1.5e-10), '-1.5e-10'],
    [999_999.9375, '999999.94'],
    [16777216, '16777216'],
    [33554432, '33554432'],
    [Math.fround(1e21), '1e+21'],
    [Math.fround(3.4028234663852886e38), '3.4028235e+38'],
    [float(1), '1e-45'],
    [float(0x00800000), '1.1754944e-38'],
    [float(0x4c000000), '33554432'],
  ])('writes %d as %s', (value, text) => {
    expect(written([value])).toBe(text);
  });
});

describe('writeFloat32Json', () => {
  it('equals the JavaScript fallback byte for byte', () => {
    const random = new Float32Array(
      new Uint32Array(1 << 16).map((_, i) => Math.imul(i + 1, 0x9e3779b1)).buffer,
    );
    const values = [...random].filter(Number.isFinite);
    expect(values.length).toBeGreaterThan(60_000);
    expect(inWasm(values)).toBe(inJavaScript(values));
  });

  it('joins values of several pieces by commas, without one at the end', () => {
    const values = Array.from({ length: 3000 }, (_, i) => i / 8);
    expect(inWasm(values)).toBe(values.join(','));
    expect(inWasm([])).toBe('');
  });

  it('refuses values that JSON cannot represent, by index', () => {
    const values = new Float32Array(2000);
    values[1500] = Number.NaN;
    const out = new Uint8Array(values.length * FLOAT32_JSON_BYTES);
    expect(() => writeFloat32Json(values, out, 0)).toThrow('values[1500] must be finite');
    values[1500] = Number.NEGATIVE_INFINITY;
    expect(() => writeFloat32Json(values, out, 0)).toThrow('found -Infinity');
  });

  it('needs at most the stated number of bytes', () => {
    const longest = Math.max(...PAIRS.map(([bits]) => inWasm([float(bits), 1]).length - 1));
    expect(longest).toBeLessThanOrEqual(FLOAT32_JSON_BYTES);
    expect(inWasm([-999_999_984_306_749_440_000, 0]).length).toBeLessThanOrEqual(2 * FLOAT32_JSON_BYTES);
  });
});

describe('float32 as JSON without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each(WEB_ASSEMBLY_REFUSALS)('is the same if it is refused as in %s', async (_, namespace) => {
    vi.stubGlobal('WebAssembly', namespace);
    vi.resetModules();
    const { writeFloat32Json: write } = await import('./float32-json.js');
    const values = Float32Array.of(0.1, -3, 1e-10, 16_777_216);
    const out = new Uint8Array(values.length * FLOAT32_JSON_BYTES);
    expect(new TextDecoder().decode(out.subarray(0, write(values, out, 0)))).toBe('0.1,-3,1e-10,16777216');
  });
});
