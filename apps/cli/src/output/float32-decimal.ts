/** Most bytes that {@link writeFloat32} writes, such as `-0.0000123456789` and `-1.17549435e-38`. */
export const LONGEST_FLOAT32 = 24;

/** Range that is written without an exponent by integer arithmetic; the values of embeddings lie in it. */
const FAST_LEAST = 1e-5;
const FAST_LIMIT = 1e6;

/** Digits that a float32 needs at least, usually and at most to be read back the same; 0.5 is six, with zeros. */
const FEW_DIGITS = 6;
const USUAL_DIGITS = 8;
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
  // Most values need eight digits or nine, so that two trials decide; each digit less is one more.
  let decimals = USUAL_DIGITS - exponent;
  let integer = scaled(magnitude, decimals);
  if (integer < 0) {
    integer = scaled(magnitude, ++decimals);
  } else {
    while (decimals > FEW_DIGITS - exponent) {
      const shorter = scaled(magnitude, decimals - 1);
      if (shorter < 0) break;
      integer = shorter;
      decimals--;
    }
  }
  if (value < 0) out[at++] = MINUS;
  while (decimals > 0 && integer % 10 === 0) {
    integer = (integer / 10) | 0;
    decimals--;
  }
  return writeDecimal(integer, decimals, out, at);
}

/**
 * The integer that `magnitude` is when its point is moved, or -1 where that many decimals do not tell the float32 from
 * its neighbours. It has at most nine digits and the scale is exact, so the quotient is the decimal's nearest double.
 */
function scaled(magnitude: number, decimals: number): number {
  const scale = POWERS_OF_TEN[decimals]!;
  const integer = Math.round(magnitude * scale) | 0;
  return Math.fround(integer / scale) === magnitude ? integer : -1;
}

/** Writes `integer / 10^decimals`. */
function writeDecimal(integer: number, decimals: number, out: Uint8Array, at: number): number {
  let length = 1;
  while (length <= MOST_DIGITS && integer >= POWERS_OF_TEN[length]!) length++;
  // At least one digit stands before the point.
  if (length <= decimals) length = decimals + 1;
  const end = at + length + (decimals > 0 ? 1 : 0);
  let position = end;
  for (let i = 0; i < length; i++) {
    if (i === decimals && decimals > 0) out[--position] = POINT;
    const rest = (integer / 10) | 0;
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
