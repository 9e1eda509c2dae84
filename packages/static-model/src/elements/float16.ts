const float32Bits = new Uint32Array(1);
const float32 = new Float32Array(float32Bits.buffer);

/** Value of float16 bits; exact. */
export function float16ToNumber(bits: number): number {
  // The largest exponent marks infinities and NaN, in float32 too.
  const special = (bits & 0x7c00) === 0x7c00 ? 0x7f80_0000 : 0;
  // Moves exponent and fraction to their float32 positions; the exponent biases, 127 and 15, differ by 112.
  float32Bits[0] = ((bits & 0x8000) << 16) | ((bits & 0x7fff) << 13) | special;
  return float32[0]! * 2 ** 112;
}

/**
 * Widens float16 bits into an array of at least the same length; exact.
 *
 * @example
 * ```ts
 * import { widenFloat16 } from '@model2vec-ts/static-model/half-precision';
 *
 * const values = new Float32Array(2);
 * widenFloat16(Uint16Array.of(0x3c00, 0xc000), values);
 * console.log(values); // Float32Array [ 1, -2 ]
 * ```
 */
export function widenFloat16(source: Uint16Array, target: Float32Array | Float64Array): void {
  for (let i = 0; i < source.length; i++) target[i] = float16ToNumber(source[i]!);
}
