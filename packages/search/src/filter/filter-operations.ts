/** True, false, or `null` for unknown: the value of a comparison with a missing field, as in SQL. */
export type Truth = boolean | null;

/** Reads one field of the row that is tested; `undefined` or `null` if it has no value. */
export type FieldReader = (name: string) => unknown;

/** A part of a filter, ready to run on rows. */
export type Evaluation = (read: FieldReader) => unknown;

/** The comparison operators. */
export const COMPARISONS: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['==', (order) => order === 0],
  ['!=', (order) => order !== 0],
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['>', (order) => order > 0],
  ['>=', (order) => order >= 0],
]);

/** The arithmetic operators. */
export const ARITHMETIC: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
  ['**', (a, b) => a ** b],
]);

/** Compares two values; unknown if one is missing or their types differ. */
export function compared(a: unknown, b: unknown, holds: (order: number) => boolean): Truth {
  if (isNumeric(a) && isNumeric(b)) return a < b ? holds(-1) : a > b ? holds(1) : holds(0);
  if (typeof a === 'string' && typeof b === 'string') {
    return a === b ? holds(0) : holds(isBefore(a, b) ? -1 : 1);
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return holds(Number(a) - Number(b));
  return null;
}

/** Computes; unknown if an operand is missing or no number. */
export function computed(a: unknown, b: unknown, operation: (a: number, b: number) => number): number | null {
  if (!isNumeric(a) || !isNumeric(b)) return null;
  const result = operation(Number(a), Number(b));
  return Number.isFinite(result) ? result : null;
}

/** Whether a value is in a list; unknown if it is missing. */
export function isMember(value: unknown, list: readonly unknown[]): Truth {
  if (value === undefined || value === null) return null;
  return list.some((each) => compared(value, each, (order) => order === 0) === true);
}

/** True if all are true, false if one is false, else unknown. */
export function conjunction(a: Truth, b: () => Truth): Truth {
  if (a === false) return false;
  const other = b();
  return other === false ? false : a === null || other === null ? null : true;
}

/** True if one is true, false if all are false, else unknown. */
export function disjunction(a: Truth, b: () => Truth): Truth {
  if (a === true) return true;
  const other = b();
  return other === true ? true : a === null || other === null ? null : false;
}

/**
 * Converts a `like` pattern to a regular expression: `%` matches any text, `_` one character, and a backslash escapes
 * the next character.
 */
export function likeExpression(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|[%_]|[.*+?^${}()|[\]\\/]/gsu, (found, escaped) => {
    if (escaped !== undefined) return /[\w\s]/.test(escaped) ? escaped : `\\${escaped}`;
    return found === '%' ? '.*' : found === '_' ? '.' : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

/** The value at a path of keys and positions inside a value; `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Compares by code points, like servers that compare UTF-8 bytes; UTF-16 would order surrogates before U+E000. */
export function isBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const bothHigh = left >= 0xd800 && right >= 0xd800;
    return bothHigh ? shifted(left) < shifted(right) : left < right;
  }
  return a.length < b.length;
}

function shifted(unit: number): number {
  return unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000;
}
