/** Most bytes that {@link writeFloat32} writes, such as `-0.0000123456789` and `-1.17549435e-38`. */
export const LONGEST_FLOAT32 = 24;

/** Range that is written without an exponent by integer arithmetic; the values of embeddings lie in it. */
const FAST_LEAST = 1e-5;
const FAST_LIMIT = 1e6;

/** Digits that a float32 needs at least and at most to be read back the same, but for short ones such as 0.5. */
const FEW_DIGITS = 6;
const MOST_DIGITS = 9;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Writes the shortest decimal that `Math.fround` of a JSON reader turns back into the same float32, as ASCII. (For a
 * few powers of two the shortest is a digit shorter.)
 *
 * A double printed as it is takes 17 digits where 9 say all that a float32 knows, so files are half as long. The bound
 * is the number of values, 256 a text: no string is made and nothing allocated for values of usual size.
 *
 * @param value a finite float32
 * @returns the position after the last byte; the caller keeps {@link LONGEST_FLOAT32} bytes free
 */
export function writeFloat32(value: number, out: Uint8Array, at: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude >= FAST_LEAST && magnitude < FAST_LIMIT)) {
    const text = decimalOf(value);
    for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
    return at;
  }
  // Digits before the point, or zeros after it where negative.
  let exponent = 6;
  if (magnitude >= 1) {
    while (magnitude < POWERS_OF_TEN[exponent - 1]!) exponent--;
  } else {
    exponent = 0;
    while (magnitude * POWERS_OF_TEN[1 - exponent]! < 1) exponent--;
  }
  for (let digits = FEW_DIGITS; digits <= MOST_DIGITS; digits++) {
    let decimals = digits - exponent;
    const scale = POWERS_OF_TEN[decimals]!;
    // The integer has at most nine digits and the scale is exact, so the quotient is the decimal's nearest double.
    let integer = Math.round(magnitude * scale);
    if (Math.fround(integer / scale) !== magnitude) continue;
    if (value < 0) out[at++] = MINUS;
    while (decimals > 0 && integer % 10 === 0) {
      integer /= 10;
      decimals--;
    }
    return writeDecimal(integer, decimals, out, at);
  }
  const text = decimalOf(value);
  for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
  return at;
}

/** Writes `integer / 10^decimals`. */
function writeDecimal(integer: number, decimals: number, out: Uint8Array, at: number): number {
  let length = 1;
  while (length < 16 && integer >= POWERS_OF_TEN[length]!) length++;
  // At least one digit stands before the point.
  if (length <= decimals) length = decimals + 1;
  const end = at + length + (decimals > 0 ? 1 : 0);
  let position = end;
  for (let i = 0; i < length; i++) {
    if (i === decimals && decimals > 0) out[--position] = POINT;
    const rest = Math.floor(integer / 10);
    out[--position] = ZERO + (integer - rest * 10);
    integer = rest;
  }
  return end;
}

function decimalOf(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
