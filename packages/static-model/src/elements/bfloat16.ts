/**
 * Widens bfloat16 bits into an array of at least the same length. Exact, because bfloat16 is the upper half of a
 * float32.
 */
export function widenBfloat16(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}
