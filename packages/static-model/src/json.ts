/** The reference's parsers stop there too; files of models and answers of the Hub nest about five deep. */
const MAX_DEPTH = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Says why JSON must not be parsed: it nests deeper than the reference reads, or has too many objects and arrays.
 * `JSON.parse` makes gigabytes of megabytes of `[`. Bound by one comparison a byte; stops at the first excess.
 *
 * @returns `undefined` if it may be parsed
 */
export function jsonProblem(bytes: Uint8Array, maxContainers: number): string | undefined {
  let depth = 0;
  let containers = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    // `[` and `{` differ in one bit, as do `]` and `}`.
    else if ((byte | 0x20) === OPENING_BRACE) {
      if (++depth > MAX_DEPTH) return `nests objects and arrays more than ${MAX_DEPTH} deep`;
      if (++containers > maxContainers) return `has more than ${maxContainers} objects and arrays`;
    } else if ((byte | 0x20) === CLOSING_BRACE) depth--;
  }
  return undefined;
}

/** A string, or one of the numbers that Python's JSON has and the standard lacks. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]+|\\.)*"|(?:-?\bInfinity|\bNaN)\b(?!\s*:)/gs;

/** Stands for NaN in JSON that is parsed; no file of a model has such a string. */
const NAN_MARK = '\u0000NaN';

/**
 * Parses JSON as Python's `json` does, which also reads and writes `NaN`, `Infinity` and `-Infinity`.
 *
 * @throws SyntaxError as `JSON.parse`
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
  }
  const standard = text.replace(STRING_OR_NON_FINITE, (found) => {
    if (found.startsWith('"')) return found;
    // A number too large for a float64 is parsed as Infinity.
    return found === 'NaN' ? JSON.stringify(NAN_MARK) : found.replace('Infinity', '1e999');
  });
  return JSON.parse(standard, (_, value: unknown) => (value === NAN_MARK ? Number.NaN : value));
}

/** Formats a value as Python's `json` does, with `NaN` and `Infinity` where `JSON.stringify` writes `null`. */
export function pythonJson(value: unknown, indent: number): string {
  const marked = (_: string, each: unknown): unknown =>
    typeof each === 'number' && !Number.isFinite(each) ? `\u0000${each}` : each;
  return JSON.stringify(value, marked, indent).replace(/"\\u0000(NaN|-?Infinity)"/g, '$1');
}
