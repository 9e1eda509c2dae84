import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import recorded from '../fixtures/float16.json' with { type: 'json' };
import { float16ToNumber, widenFloat16 } from './float16.js';
import { narrowToFloat16, numberToFloat16 } from './float16-rounding.js';

const EVERY = Uint16Array.from({ length: 0x1_0000 }, (_, bits) => bits);

function arrayBufferOf(base64: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(base64, 'base64')).buffer;
}

/** Bits, with one pattern for every NaN: JavaScript and numpy do not keep the same payloads. */
function comparable(bits: Uint16Array): number[] {
  return Array.from(bits, (half) => ((half & 0x7fff) > 0x7c00 ? 0x7e00 : half));
}

describe('float16', () => {
  it('widens all 65,536 patterns to the float32 of numpy', () => {
    const widened = new Float32Array(EVERY.length);
    widenFloat16(EVERY, widened);
    const bits = new Uint32Array(widened.buffer);
    for (const pattern of EVERY) if (Number.isNaN(widened[pattern])) bits[pattern] = 0x7fc0_0000;
    expect(createHash('sha256').update(bits).digest('hex')).toBe(recorded.widenedSha256);
  });

  it('converts all numeric patterns to values and back', () => {
    for (const bits of EVERY) {
      if ((bits & 0x7fff) > 0x7c00) expect(float16ToNumber(bits)).toBeNaN();
      else if (numberToFloat16(float16ToNumber(bits)) !== bits) expect.fail(`pattern ${bits}`);
    }
  });

  it('rounds float32 as numpy does: subnormals, half-way cases, overflow, infinities', () => {
    const source = new Float32Array(arrayBufferOf(recorded.float32));
    const target = new Uint16Array(source.length);
    narrowToFloat16(source, target);
    expect(source.length).toBeGreaterThan(2000);
    expect(comparable(target)).toEqual(comparable(new Uint16Array(arrayBufferOf(recorded.float32ToFloat16))));
  });

  it('rounds float64 once, like numpy, not via float32', () => {
    const source = new Float64Array(arrayBufferOf(recorded.float64));
    const expected = comparable(new Uint16Array(arrayBufferOf(recorded.float64ToFloat16)));
    const target = new Uint16Array(source.length);
    narrowToFloat16(source, target);
    expect(comparable(target)).toEqual(expected);
    narrowToFloat16(Float32Array.from(source), target);
    expect(comparable(target)).not.toEqual(expected);
  });

  it('keeps the sign and the kind of a NaN', () => {
    const target = new Uint16Array(2);
    narrowToFloat16(new Float32Array(Uint32Array.of(0x7f80_0001, 0xffc1_2345).buffer), target);
    expect(target[0]! >>> 9).toBe(0x3f);
    expect(target[1]! >>> 9).toBe(0x7f);
  });

  it('widens a view that does not start at the start of its buffer', () => {
    const widened = new Float32Array(2);
    widenFloat16(Uint16Array.of(1, 0x3c00, 0xc000).subarray(1), widened);
    expect([...widened]).toEqual([1, -2]);
  });
});
