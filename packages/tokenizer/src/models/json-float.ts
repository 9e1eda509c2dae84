import { readNumber } from '../json/json-reader.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';

/** Powers of ten as in the reference's table. `10 ** n` is not always the nearest double. */
const POWERS: readonly number[] = Array.from({ length: 309 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads a number as the reference's JSON parser does (serde_json without `float_roundtrip`): takes the digits as one whole
 * number, rounds it to a double, multiplies or divides it by a power of ten, and rounds again. For one in eight scores of
 * sixteen or seventeen digits the result is not the nearest double, and the last bit decides between segmentations into
 * the same tokens in another order.
 *
 * Takes the digits of the shortest decimal for the double, which is what JSON writers write.
 */
export function readFloat(value: unknown, path: string): number {
  const nearest = readNumber(value, path);
  if (!Number.isFinite(nearest)) {
    throw new MalformedTokenizerError(path, 'must be a number that a 64-bit float can hold');
  }
  if (Number.isSafeInteger(nearest)) return nearest;
  const text = Math.abs(nearest).toExponential();
  const power = text.indexOf('e');
  // One digit, then a point and the other digits if there are any.
  let float = Number(text.slice(0, 1) + text.slice(2, power));
  let exponent = Number(text.slice(power + 1)) - Math.max(0, power - 2);
  for (; exponent < -308; exponent += 308) float /= 1e308;
  float = exponent < 0 ? float / POWERS[-exponent]! : float * POWERS[exponent]!;
  return nearest < 0 ? -float : float;
}
