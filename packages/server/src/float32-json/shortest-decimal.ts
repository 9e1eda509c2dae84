import { LEAST_POWER, powersOfTen } from './powers-of-ten.js';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Four limbs of 16 bits of each power, so that products with a mantissa stay exact in a double. */
let limbs: Float64Array | undefined;

/**
 * Writes what `assembly/index.ts` writes for one value, by the same algorithm, for runtimes that refuse WebAssembly.
 *
 * @param value - a finite float32
 * @returns the position after the last byte
 */
export function writeShortestDecimal(value: number, out: Uint8Array, at: number): number {
  float[0] = value;
  if (bits[0]! >>> 31 !== 0) out[at++] = MINUS;
  return writeMagnitude(bits[0]! & 0x7fffffff, out, at);
}

function writeMagnitude(magnitude: number, out: Uint8Array, at: number): number {
  const fraction = magnitude & 0x7fffff;
  const biased = magnitude >>> 23;
  const mantissa = biased === 0 ? fraction : fraction | 0x800000;
  const exponent = (biased === 0 ? 1 : biased) - 150;
  if (exponent <= 0 && exponent > -24 && (mantissa & ((1 << -exponent) - 1)) === 0) {
    return writeDecimal(mantissa >> -exponent, 0, out, at);
  }
  if (mantissa === 0) return writeDecimal(0, 0, out, at);
  const narrow = fraction === 0 && biased > 1 ? 1 : 0;
  const shift = (exponent * 1262611 - narrow * 524031) >> 22;
  const scale = 1 << (exponent + ((-shift * 1741647) >> 19) + 1);
  const power = -shift - LEAST_POWER;
  const odd = mantissa & 1;
  const lower = product(power, (4 * mantissa - 2 + narrow) * scale) + odd;
  const middle = product(power, 4 * mantissa * scale);
  const upper = product(power, (4 * mantissa + 2) * scale) - odd;

  const digits = Math.floor(middle / 4);
  const fewer = Math.floor(digits / 10);
  if (digits >= 10 && lower <= 40 * fewer !== 40 * fewer + 40 <= upper) {
    return writeDecimal(fewer + (40 * fewer + 40 <= upper ? 1 : 0), shift + 1, out, at);
  }
  const above = 4 * digits + 4 <= upper;
  if (lower <= 4 * digits !== above) return writeDecimal(digits + (above ? 1 : 0), shift, out, at);
  const half = 4 * digits + 2;
  const up = middle > half || (middle === half && digits % 2 === 1);
  return writeDecimal(digits + (up ? 1 : 0), shift, out, at);
}

/** Writes `digits * 10^exponent` in the notation that JavaScript has for numbers. */
function writeDecimal(digits: number, exponent: number, out: Uint8Array, at: number): number {
  let length = 1;
  while (length < 9 && digits >= POWERS[length]!) length++;
  const point = length + exponent;
  if (point > 0 || point < -5) {
    // Rare in embeddings. At most nine digits are the shortest form of the double nearest to them, too.
    const text = String(Number(`${digits}e${exponent}`));
    for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
    return at;
  }
  while (digits % 10 === 0) {
    digits = (digits / 10) | 0;
    length--;
  }
  out[at++] = ZERO;
  out[at++] = POINT;
  for (let i = point; i < 0; i++) out[at++] = ZERO;
  const end = at + length;
  for (let i = end - 1; i >= at; i--) {
    const rest = (digits / 10) | 0;
    out[i] = ZERO + (digits - rest * 10);
    digits = rest;
  }
  return end;
}

/** The whole part of power * factor / 2^64, with its last bit set where a fraction was cut off. */
function product(power: number, factor: number): number {
  limbs ??= sixteenBitLimbs(powersOfTen());
  const at = power * 4;
  let sum = Math.floor((limbs[at]! * factor) / 65536) + limbs[at + 1]! * factor;
  sum = Math.floor(sum / 65536) + limbs[at + 2]! * factor;
  const low = sum % 65536;
  sum = Math.floor(sum / 65536) + limbs[at + 3]! * factor;
  const whole = Math.floor(sum / 65536);
  const rest = (sum % 65536) * 65536 + low;
  return whole % 2 === 0 && rest > 1 ? whole + 1 : whole;
}

function sixteenBitLimbs(powers: BigUint64Array): Float64Array {
  const result = new Float64Array(powers.length * 4);
  powers.forEach((power, i) => {
    for (let limb = 0; limb < 4; limb++) {
      result[i * 4 + limb] = Number((power >> BigInt(16 * limb)) & 0xffffn);
    }
  });
  return result;
}
