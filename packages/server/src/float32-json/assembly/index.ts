/**
 * Writes float32 as the shortest decimals that read back as the same float32, by Raffaele Giulietti's Schubfach: three
 * products of a mantissa with a power of ten bound the interval of decimals that round to the float, and two
 * comparisons select the shortest one in it, or the closest of several equally short ones.
 *
 * Bound by the dependent chain of multiplications and divisions per value; memory stays in the first-level cache.
 */

/**
 * Areas in the single page of memory. `memory.data` would add their zeros to the module.
 *
 *     powers   77 powers of ten from 10^-31 to 10^45: the 64 leading bits of each, rounded up; written by the host
 *     values   1024 float32
 *     text     24 bytes for each value: `-340282350000000000000`, the longest form, and a comma, rounded up
 */
const powers: usize = 1024;
const values: usize = 2048;
const text: usize = 8192;
const LEAST_POWER: i32 = -31;

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const COMMA: u8 = 0x2c;
/** Eight times `0`, and `0.000000`. */
const ZEROS: u64 = (0x30303030 << 32) | 0x30303030;
const ZERO_POINT: u64 = (0x30303030 << 32) | 0x30302e30;

/** Address of the powers of ten, which the host writes once. */
export function powersAt(): usize {
  return powers;
}

/** Address of the values to write. */
export function valuesAt(): usize {
  return values;
}

/** Address of the text. */
export function textAt(): usize {
  return text;
}

/**
 * Writes the first `count` values, each followed by a comma.
 *
 * @returns the bytes written, or `-1 - i` if value i is NaN or infinite
 */
export function write(count: i32): i32 {
  let at = text;
  for (let i = 0; i < count; i++) {
    const bits = load<u32>(values + ((<usize>i) << 2));
    if ((bits & 0x7f800000) === 0x7f800000) return -1 - i;
    if (bits >> 31) store<u8>(at++, MINUS);
    at = writeMagnitude(at, bits & 0x7fffffff);
    store<u8>(at++, COMMA);
  }
  return <i32>(at - text);
}

function writeMagnitude(at: usize, bits: u32): usize {
  if (bits === 0) {
    store<u8>(at, ZERO);
    return at + 1;
  }
  const fraction = bits & 0x7fffff;
  const biased = <i32>(bits >> 23);
  const mantissa = biased === 0 ? fraction : fraction | 0x800000;
  const exponent = (biased === 0 ? 1 : biased) - 150;
  // Whole numbers of at most 24 bits are their own shortest form.
  if (exponent <= 0 && exponent > -24) {
    const mask: u32 = (1 << -exponent) - 1;
    if ((mantissa & mask) === 0) return writeDecimal(at, mantissa >> -exponent, 0);
  }
  // Below a power of two, floats are half as far apart as above it.
  const narrow = fraction === 0 && biased > 1;
  const shift = (exponent * 1262611 - (narrow ? 524031 : 0)) >> 22;
  const scale = exponent + ((-shift * 1741647) >> 19) + 1;
  const power = load<u64>(powers + ((<usize>(-shift - LEAST_POWER)) << 3));
  const odd = mantissa & 1;
  const lower = product(power, (mantissa * 4 - 2 + <u32>narrow) << scale) + odd;
  const middle = product(power, (mantissa * 4) << scale);
  const upper = product(power, (mantissa * 4 + 2) << scale) - odd;

  const digits = middle >> 2;
  if (digits >= 10) {
    const fewer = digits / 10;
    const below = lower <= fewer * 40;
    const above = fewer * 40 + 40 <= upper;
    if (below !== above) return writeDecimal(at, fewer + <u32>above, shift + 1);
  }
  const below = lower <= digits * 4;
  const above = digits * 4 + 4 <= upper;
  if (below !== above) return writeDecimal(at, digits + <u32>above, shift);
  const half = digits * 4 + 2;
  const up = middle > half || (middle === half && (digits & 1) !== 0);
  return writeDecimal(at, digits + <u32>up, shift);
}

/** The integer part of `power * factor / 2^64`, with its last bit set if a fraction was cut off. */
// @ts-expect-error: a decorator of AssemblyScript
function product(power: u64, factor: u32): u32 {
  const low = (power & 0xffffffff) * <u64>factor;
  const sum = (power >> 32) * <u64>factor + (low >> 32);
  return <u32>(sum >> 32) | <u32>(<u32>sum > 1);
}

/** Writes `digits * 10^exponent` in JavaScript's number notation. */
function writeDecimal(at: usize, digits: u32, exponent: i32): usize {
  // A ninth digit goes before the eight that fit in a register.
  const ninth = digits / 100000000;
  let bytes = eightDigits(digits - ninth * 100000000);
  const trailing = bytes === 0 ? 8 : <i32>(clz(bytes) >> 3);
  const leading = ninth !== 0 || bytes === 0 ? 0 : <i32>(ctz(bytes) >> 3);
  const length = 8 - leading - trailing + <i32>(ninth !== 0);
  bytes = (bytes >> ((<u64>leading) << 3)) | ZEROS;
  /** Digits before the point; if negative, zeros after it. */
  const point = length + exponent + trailing;
  if (point <= 0 && point >= -5) {
    // Nearly all values of embeddings. Later writes overwrite the surplus.
    store<u64>(at, ZERO_POINT);
    return writeDigits(at + 2 - point, ninth, bytes, length);
  }
  if (point > 21 || point < -5) return writeScientific(at, ninth, bytes, length, point - 1);
  const end = writeDigits(at, ninth, bytes, length);
  if (point >= length) {
    for (let i = length; i < point; i++) store<u8>(at + i, ZERO);
    return at + point;
  }
  memory.copy(at + point + 1, at + point, length - point);
  store<u8>(at + point, POINT);
  return end + 1;
}

/**
 * Eight digits of a number, one per byte, the first in the lowest byte: splits halves, then pairs, then single digits.
 */
// @ts-expect-error: a decorator of AssemblyScript
function eightDigits(number: u32): u64 {
  const high = number / 10000;
  const halves = <u64>high | ((<u64>(number - high * 10000)) << 32);
  const hundreds = ((halves * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

/** Writes `length` digits: a ninth one unless it is 0, then those of `bytes`. */
// @ts-expect-error: a decorator of AssemblyScript
function writeDigits(at: usize, ninth: u32, bytes: u64, length: i32): usize {
  const from = at + <usize>(ninth !== 0);
  store<u8>(at, <u8>(ZERO + ninth));
  store<u64>(from, bytes);
  return at + length;
}

function writeScientific(at: usize, ninth: u32, bytes: u64, length: i32, exponent: i32): usize {
  writeDigits(at + 1, ninth, bytes, length);
  store<u8>(at, load<u8>(at + 1));
  store<u8>(at + 1, POINT);
  at += length > 1 ? length + 1 : 1;
  store<u8>(at, 0x65);
  store<u8>(at + 1, exponent < 0 ? MINUS : 0x2b);
  at += 2;
  const magnitude: u32 = exponent < 0 ? -exponent : exponent;
  const tens = magnitude / 10;
  if (tens !== 0) store<u8>(at++, <u8>(ZERO + tens));
  store<u8>(at, <u8>(ZERO + magnitude - tens * 10));
  return at + 1;
}
