import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bfloat16Bits, float16Bits, readVector, writeVectors } from './vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

function write(type: VectorType, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(VECTOR_TYPES[type].byteLength(values.length));
  writeVectors(type, [Float32Array.from(values)], values.length, bytes, 0);
  return bytes;
}

describe('float16', () => {
  test('values in between round to the nearest, ties to even', () => {
    // 1 + 2^-11 lies half way between 1 and 1 + 2^-10; three halves above it between odd and even.
    expect(float16Bits(bitsOf(1 + 2 ** -11))).toBe(0x3c00);
    expect(float16Bits(bitsOf(1 + 3 * 2 ** -11))).toBe(0x3c02);
    expect(float16Bits(bitsOf(1 + 2 ** -11 + 2 ** -20))).toBe(0x3c01);
    expect(float16Bits(bitsOf(-1))).toBe(0xbc00);
    expect(float16Bits(bitsOf(65_504))).toBe(0x7bff);
    expect(float16Bits(bitsOf(65_520))).toBe(0x7c00);
    expect(float16Bits(bitsOf(2 ** -24))).toBe(1);
    expect(float16Bits(bitsOf(2 ** -25))).toBe(0);
    expect(float16Bits(bitsOf(1.5 * 2 ** -24))).toBe(2);
  });

  test('every float16 reads back as itself', () => {
    for (let bits = 0; bits < 0x7c00; bits++) {
      const bytes = Buffer.from([bits & 0xff, bits >> 8]);
      expect(float16Bits(bitsOf(readVector('float16', bytes)[0]!))).toBe(bits);
    }
  });

  test('no value is farther from its float16 than half a step', () => {
    fc.assert(
      fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const [found] = readVector('float16', write('float16', value));
        const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value) || 1))) - 10);
        expect(Math.abs(found! - value)).toBeLessThanOrEqual(step / 2);
      }),
    );
  });
});

describe('bfloat16', () => {
  test('values are rounded, not truncated', () => {
    // 1 + 2^-8 lies half way between 1 and 1 + 2^-7.
    expect(bfloat16Bits(bitsOf(1 + 2 ** -8))).toBe(0x3f80);
    expect(bfloat16Bits(bitsOf(1 + 2 ** -8 + 2 ** -20))).toBe(0x3f81);
    expect(bfloat16Bits(bitsOf(1 + 3 * 2 ** -8))).toBe(0x3f82);
    expect(bfloat16Bits(bitsOf(-(1 + 2 ** -8 + 2 ** -20)))).toBe(0xbf81);
  });

  test('no value is farther from its bfloat16 than half a step', () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true, noDefaultInfinity: true }),
        (value) => {
          fc.pre(Math.abs(value) > 1e-30);
          const [found] = readVector('bfloat16', write('bfloat16', value));
          expect(Math.abs(found! - value)).toBeLessThanOrEqual(
            2 ** (Math.floor(Math.log2(Math.abs(value))) - 8),
          );
        },
      ),
    );
  });
});

test('float32 values are the bytes in memory, little-endian', () => {
  expect(write('float32', 1, -2).toString('hex')).toBe('0000803f000000c0');
  expect(readVector('float32', write('float32', 1, -2))).toEqual(Float32Array.of(1, -2));
});

test('int8 uses the whole range of each vector, and a zero vector stays zero', () => {
  expect([...readVector('int8', write('int8', 0.1, -0.2, 0.05, 0))]).toEqual([64, -127, 32, 0]);
  expect([...readVector('int8', write('int8', 0, 0))]).toEqual([0, 0]);
});

test('binary vectors contain signs, highest bit first, with zeros at the end of the last byte', () => {
  expect(write('binary', 1, -1, 0, 2, 1, 1, -1, 1, 1).toString('hex')).toBe('9d80');
  expect([...readVector('binary', Buffer.from([0x9d]))]).toEqual([1, -1, -1, 1, 1, 1, -1, 1]);
});

test('vectors follow each other without gaps', () => {
  for (const type of Object.keys(VECTOR_TYPES) as VectorType[]) {
    const stride = VECTOR_TYPES[type].byteLength(3);
    const bytes = Buffer.alloc(stride * 2 + 1, 0xee);
    writeVectors(type, [Float32Array.of(1, 2, 3), Float32Array.of(4, -5, 6)], 3, bytes, 1);
    expect(bytes[0]).toBe(0xee);
    expect(bytes.subarray(1, 1 + stride)).toEqual(write(type, 1, 2, 3));
    expect(bytes.subarray(1 + stride)).toEqual(write(type, 4, -5, 6));
  }
});
