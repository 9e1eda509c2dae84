/** The same limit as the reference's parsers; model files and Hub answers nest about five deep. */
const MAX_DEPTH = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Explains why JSON must not be parsed: it nests deeper than the reference allows, or has too many objects and arrays.
 * `JSON.parse` would turn megabytes of `[` into gigabytes. Bound by one comparison per byte; stops at the first excess.
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

/** Matches a string, or one of the numbers that Python's JSON allows and the standard does not. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]+|\\.)*"|(?:-?\bInfinity|\bNaN)\b(?!\s*:)/gs;

/** Placeholder for NaN while JSON is parsed; no model file has such a string. */
const NAN_MARK = '\u0000NaN';

/**
 * Parses JSON as Python's `json` does, which also accepts `NaN`, `Infinity` and `-Infinity`.
 *
 * @throws SyntaxError like `JSON.parse`
 */
export function parsePythonJson(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return JSON.parse(text);
  const standard = text.replace(STRING_OR_NON_FINITE, (found) => {
    if (found.startsWith('"')) return found;
    // A number beyond float64 is parsed as Infinity.
    return found === 'NaN' ? JSON.stringify(NAN_MARK) : found.replace('Infinity', '1e999');
  });
  return JSON.parse(standard, (_, value: unknown) => (value === NAN_MARK ? Number.NaN : value));
}

/** Formats a value as Python's `json` does: `NaN` and `Infinity` instead of `null`. */
export function pythonJson(value: unknown, indent: number): string {
  const marked = (_: string, each: unknown): unknown =>
    typeof each === 'number' && !Number.isFinite(each) ? `\u0000${each}` : each;
  return JSON.stringify(value, marked, indent).replace(/"\\u0000(NaN|-?Infinity)"/g, '$1');
}
