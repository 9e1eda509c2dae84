/**
 * Widens bfloat16 bits into an array of at least the same length. Exact, because bfloat16 is the upper half of a
 * float32.
 *
 * @example
 * ```ts
 * import { widenBfloat16 } from '@model2vec-ts/static-model/half-precision';
 *
 * const values = new Float32Array(2);
 * widenBfloat16(Uint16Array.of(0x3f80, 0xc000), values);
 * console.log(values); // Float32Array [ 1, -2 ]
 * ```
 */
export function widenBfloat16(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}
