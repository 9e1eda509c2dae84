import { readNumber } from '../json/json-reader.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';

/** The reference's table of powers. `10 ** n` is not the nearest double for all of them. */
const POWERS: readonly number[] = Array.from({ length: 309 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * A number as the reference's JSON parser (serde_json without `float_roundtrip`) reads it: its digits as one whole
 * number, rounded to a double, then multiplied or divided by a power of ten, rounded again. For one score in eight of
 * sixteen or seventeen digits that is not the nearest double, and between segmentations of equal tokens in another
 * order the last bit decides.
 *
 * The digits are those of the shortest decimal that means the same double, which is what every JSON writer in use
 * writes.
 */
export function readFloat(value: unknown, path: string): number {
  const nearest = readNumber(value, path);
  if (!Number.isFinite(nearest)) {
    throw new MalformedTokenizerError(path, 'must be a number that a 64-bit float can hold');
  }
  if (Number.isSafeInteger(nearest)) return nearest;
  const text = Math.abs(nearest).toExponential();
  const power = text.indexOf('e');
  // One digit, and behind a point the others if there are any.
  let float = Number(text.slice(0, 1) + text.slice(2, power));
  let exponent = Number(text.slice(power + 1)) - Math.max(0, power - 2);
  for (; exponent < -308; exponent += 308) float /= 1e308;
  float = exponent < 0 ? float / POWERS[-exponent]! : float * POWERS[exponent]!;
  return nearest < 0 ? -float : float;
}
