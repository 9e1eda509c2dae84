import { float32BitsRoundedToOdd } from './round-to-odd.js';

const MAX_FINITE_HALF_WAY = 0x477f_f000; // 65,520: halfway between the largest float16 and the next power of two
const SMALLEST_NORMAL = 0x3880_0000; // 2⁻¹⁴
const HALF_SMALLEST_SUBNORMAL = 0x3300_0000; // 2⁻²⁵
const INFINITY = 0x7f80_0000;
const EXPONENT_SHIFT = 0x3800_0000; // (127 − 15) << 23

/** Converts float32 bits to the nearest float16 bits, ties to even; NaN stays NaN. */
function float32BitsToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude >= MAX_FINITE_HALF_WAY) {
    if (magnitude <= INFINITY) return sign | 0x7c00;
    return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff);
  }
  if (magnitude >= SMALLEST_NORMAL) {
    return sign | ((magnitude - EXPONENT_SHIFT + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude <= HALF_SMALLEST_SUBNORMAL) return sign;
  const shift = 126 - (magnitude >>> 23);
  const significand = (magnitude & 0x7f_ffff) | 0x80_0000;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept);
}

/** Returns the bits of the nearest float16, ties to even, rounded once. */
export function numberToFloat16(value: number): number {
  return float32BitsToFloat16(float32BitsRoundedToOdd(value));
}

/** Writes the nearest float16 bits of each value into an array of at least the same length. */
export function narrowToFloat16(source: Float32Array | Float64Array | Int8Array, target: Uint16Array): void {
  if (source instanceof Float32Array) {
    const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
    for (let i = 0; i < bits.length; i++) target[i] = float32BitsToFloat16(bits[i]!);
    return;
  }
  for (let i = 0; i < source.length; i++) target[i] = numberToFloat16(source[i]!);
}
