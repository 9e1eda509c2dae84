import { types } from 'node:util';
import { className, withArticle } from '../milvus-error.js';

/** JSON text, or why a value has none. */
export type JsonText =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text: ''; readonly problem: string };

/** Milvus Lite's parser fails at about 1,000 levels and Milvus' at 1,024. */
const MAX_DEPTH = 500;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

class JsonProblem extends Error {}

/**
 * Writes a value as JSON that {@link parseJson} reads back as the same value. A value that JSON would drop or turn into
 * another one is a problem, such as a `Map`, `NaN` or `undefined` in an array. Only a `Date` becomes its ISO string.
 *
 * A bigint becomes a whole number. A number beyond 2⁵³ gets an exponent, so that it stays a number.
 */
export function jsonText(value: unknown): JsonText {
  try {
    return { text: serialize(value, '', 0) };
  } catch (error) {
    if (error instanceof JsonProblem) return { text: '', problem: error.message };
    throw error;
  }
}

function serialize(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) throw problem(path, 'must be well-formed Unicode (it has a lone surrogate)');
      return JSON.stringify(value);
    case 'number':
      return numberText(value, path);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      if (value < MIN_INT64 || value > MAX_INT64)
        throw problem(path, 'must fit in 64 bits; found a larger bigint');
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value, path, depth);
    default:
      throw problem(path, `is ${value === undefined ? 'undefined' : `a ${typeof value}`}, which JSON lacks`);
  }
}

function numberText(value: number, path: string): string {
  if (!Number.isFinite(value)) throw problem(path, `is ${value}, which JSON lacks`);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

function objectText(value: object, path: string, depth: number): string {
  if (depth === MAX_DEPTH) throw problem('', `is circular or nested more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) {
    const elements: string[] = [];
    // Not map, which would skip holes.
    for (let i = 0; i < value.length; i++) elements.push(serialize(value[i], `${path}[${i}]`, depth + 1));
    return `[${elements.join(',')}]`;
  }
  if (isDate(value)) return JSON.stringify(value.toISOString());
  const kind = className(value);
  if (kind !== undefined) throw problem(path, `is ${withArticle(kind)}, which JSON lacks`);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    // As elsewhere in JavaScript, a property with the value undefined counts as missing.
    if (member === undefined) continue;
    const inner = path === '' ? name : `${path}.${name}`;
    if (!isWellFormed(name)) throw problem(path, 'must have names of well-formed Unicode');
    members.push(`${JSON.stringify(name)}:${serialize(member, inner, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

/** Whether an object is a valid date, of any realm. */
function isDate(value: object): value is Date {
  return types.isDate(value) && !Number.isNaN(value.getTime());
}

function problem(path: string, rule: string): JsonProblem {
  return new JsonProblem(path === '' ? rule : `field ${path} ${rule}`);
}

/** Whether a string has no lone surrogate, which UTF-8 would turn into U+FFFD. */
export function isWellFormed(text: string): boolean {
  // Node ≥ 20 has it; TypeScript declares it for ES2024.
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Whole numbers that a double may round, and what Python writes for values that JSON lacks. */
const SPECIAL = /\d{16}|NaN|Infinity/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN/g;

/**
 * Parses JSON. A whole number beyond ±(2⁵³ − 1) becomes a bigint; `NaN` and `Infinity`, which Python writes, become
 * numbers.
 *
 * @throws SyntaxError for any other text
 */
export function parseJson(text: string): unknown {
  if (!SPECIAL.test(text)) return JSON.parse(text);
  // Such tokens become strings with a mark that no other string has, and the reviver turns them into values.
  let mark = 'number:';
  while (text.includes(mark)) mark = `${Math.random()}:`;
  let found = false;
  const marked = text.replace(TOKENS, (token) => {
    if (token.startsWith('"') || (/^-?\d+$/.test(token) && Number.isSafeInteger(Number(token)))) return token;
    if (/[.eE]/.test(token) && !/NaN|Inf/.test(token)) return token;
    found = true;
    return JSON.stringify(mark + token);
  });
  if (!found) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? special(value.slice(mark.length)) : value,
  );
}

function special(token: string): unknown {
  return /\d$/.test(token) ? BigInt(token) : Number(token);
}
