import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ElementLoops } from '../element-loops/element-loops.js';
import { findNonFinite, hasNonFinite } from './finite.js';

const loops = new ElementLoops();

const BITS = [0, 1, 0x7bff, 0x7c00, 0x7c01, 0x7f7f, 0x7f80, 0x7fff, 0x8000, 0xfbff, 0xfc00, 0xff80, 0xffff];

it.each([
  ['float64', Float64Array],
  ['float32', Float32Array],
  ['float16', Uint16Array],
  ['bfloat16', Uint16Array],
] as const)('agrees with counting for %s, at any length and position', (dtype, array) => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...BITS), { minLength: 8, maxLength: 80 }),
      fc.nat(3),
      (halves, skipped) => {
        const { buffer } = Uint16Array.from([...halves, ...halves.slice(halves.length % 4)]);
        const data = new array(buffer, 0, Math.floor(buffer.byteLength / array.BYTES_PER_ELEMENT)).subarray(
          skipped,
        );
        const expected = findNonFinite(dtype, data as never).count > 0;
        expect(hasNonFinite(dtype, data as never)).toBe(expected);
        expect(loops.hasNonFinite(dtype, data as never)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});

it('finds one element at any position', () => {
  for (const [dtype, data, value] of [
    ['float64', new Float64Array(37), Number.NEGATIVE_INFINITY],
    ['float32', new Float32Array(37), Number.NaN],
    ['float16', new Uint16Array(38), 0xfc01],
    ['bfloat16', new Uint16Array(38), 0x7f80],
  ] as const) {
    expect(hasNonFinite(dtype, data as never)).toBe(false);
    expect(loops.hasNonFinite(dtype, data as never)).toBe(false);
    for (let i = 0; i < data.length; i++) {
      data[i] = value;
      expect(hasNonFinite(dtype, data as never)).toBe(true);
      expect(loops.hasNonFinite(dtype, data as never)).toBe(true);
      data[i] = 0;
    }
  }
});

it('finds an element in any part of a large table', () => {
  const data = new Float32Array(300_001);
  for (const at of [0, 65_535, 65_536, 299_999, 300_000]) {
    data[at] = Number.NEGATIVE_INFINITY;
    expect(loops.hasNonFinite('float32', data)).toBe(true);
    data[at] = -3.4e38;
    expect(loops.hasNonFinite('float32', data)).toBe(false);
  }
  expect(loops.hasNonFinite('int8', new Int8Array(9))).toBe(false);
});
