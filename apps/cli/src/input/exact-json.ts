import { randomUUID } from 'node:crypto';

/** A number that a double may not hold: sixteen digits in a row, or a large exponent. */
const SUSPECT = /\d{16}|[eE]\+?\d{3}/;

/** A string or a number; digits inside a string belong to the string. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const INTEGER = /^-?\d+$/;

/**
 * Parses JSON without changing an integer: one beyond 2⁵³ becomes a `bigint`. Other numbers become the nearest double,
 * as in every parser.
 *
 * Only since Node 21 does `JSON.parse` pass a number's source to its reviver.
 *
 * @throws SyntaxError if the text is not JSON
 * @throws RangeError for a number beyond the doubles, such as `1e400`
 */
export function parseExactJson(json: string): unknown {
  const parsed: unknown = JSON.parse(json);
  if (!SUSPECT.test(json)) return parsed;
  let isChanged = false;
  // Prefix of strings that represent large integers; the text cannot contain it, because it is random.
  const mark = `${randomUUID()}:`;
  const marked = json.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token;
    const number = Number(token);
    if (INTEGER.test(token) && !Number.isSafeInteger(number)) {
      isChanged = true;
      return `"${mark}${token}"`;
    }
    if (!Number.isFinite(number)) throw new RangeError(`the number ${token.slice(0, 40)} is out of range`);
    return token;
  });
  if (!isChanged) return parsed;
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}
