const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/**
 * Bits of `x` as a float32, rounded to odd: cut off, and the last bit set if anything was lost. Rounding that to a
 * format with at least two bits less gives what rounding `x` once would have given (Boldo and Melquiond, 2005).
 */
export function float32BitsRoundedToOdd(x: number): number {
  value[0] = x;
  const nearest = value[0]!;
  const nearestBits = bits[0]!;
  if (nearest === x || Number.isNaN(x)) return nearestBits;
  return (Math.abs(nearest) > Math.abs(x) ? nearestBits - 1 : nearestBits) | 1;
}
