import { float32BitsRoundedToOdd } from './round-to-odd.js';

const INFINITY = 0x7f80_0000;

/** Bits of a float32 to bits of the nearest bfloat16, ties to even; a NaN stays one. */
export function float32BitsToBfloat16(bits: number): number {
  if ((bits & 0x7fff_ffff) > INFINITY) return (bits >>> 16) | 0x40;
  // The sum stays below 2³² because no magnitude beyond infinity comes here.
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Bits of the bfloat16 nearest to a number, ties to even, rounded once. */
export function numberToBfloat16(value: number): number {
  return float32BitsToBfloat16(float32BitsRoundedToOdd(value));
}

/** Writes the values of bfloat16 bits into an array of at least the same length; exact, for they are halves of float32s. */
export function widenBfloat16(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
}

/** Value of the bits of a bfloat16; exact. */
export function bfloat16ToNumber(bits: number): number {
  const value = new Float32Array(1);
  widenBfloat16(Uint16Array.of(bits), value);
  return value[0]!;
}
