/** The least exponent of {@link powersOfTen}. */
export const LEAST_POWER: number = -31;
const GREATEST_POWER = 45;

const BITS = 64n;

/**
 * The 64 leading bits of 10^-31 … 10^45, rounded up: the powers that scale every float32 to an integer of eight or nine
 * digits.
 */
export function powersOfTen(): BigUint64Array {
  const powers = new BigUint64Array(GREATEST_POWER - LEAST_POWER + 1);
  for (let i = 0; i < powers.length; i++) powers[i] = leadingBits(LEAST_POWER + i);
  return powers;
}

function leadingBits(exponent: number): bigint {
  const power = 10n ** BigInt(Math.abs(exponent));
  const length = BigInt(power.toString(2).length);
  // The reciprocal has one bit too many unless the shift drops one, because no such power is a power of two.
  if (exponent < 0) return (1n << (BITS + length - 1n)) / power + 1n;
  if (length <= BITS) return power << (BITS - length);
  const cut = length - BITS;
  return (power >> cut) + ((power & ((1n << cut) - 1n)) === 0n ? 0n : 1n);
}
