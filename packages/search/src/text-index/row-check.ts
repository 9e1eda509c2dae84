import { described } from '../search-error.js';
import type { Key, TextRow } from '../store/text-row.js';
import { isFloat32Array } from '../vectors/float32-array.js';

/** A valid row; its id is `undefined` if it is derived from the text. */
export interface CheckedRow {
  readonly index: number;
  readonly id: Key | undefined;
  readonly text: string;
  readonly vector: Float32Array | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Why a row is invalid. */
export interface RowProblem {
  readonly id: Key | undefined;
  readonly reason: string;
}

const ROW_NAMES: ReadonlySet<string> = new Set(['id', 'text', 'vector']);
const ILL_FORMED = /\p{Surrogate}/u;
const MOST_DEPTH = 64;

/** Checks one input row. Metadata is copied, so that later changes of the caller's objects have no effect. */
export function checkRow(found: unknown, index: number, dim: number): CheckedRow | RowProblem {
  if (typeof found !== 'object' || found === null) {
    return { id: undefined, reason: `a row must be an object with a text; found ${described(found)}` };
  }
  const { id, text, vector } = found as TextRow;
  const idReason = id === undefined ? undefined : keyProblem(id);
  if (idReason !== undefined) return { id: undefined, reason: idReason };
  if (typeof text !== 'string') return { id, reason: `text must be a string; found ${described(text)}` };
  if (ILL_FORMED.test(text)) return { id, reason: 'text must be well-formed Unicode' };
  const vectorReason = vector === undefined ? undefined : vectorProblem('vector', dim, vector);
  if (vectorReason !== undefined) return { id, reason: vectorReason };
  let fields: Record<string, unknown> | undefined;
  for (const name in found) {
    if (ROW_NAMES.has(name)) continue;
    const value = (found as TextRow)[name];
    if (value === undefined) continue;
    const problem = jsonProblem(value, 0);
    if (problem !== undefined) return { id, reason: `field ${name} ${problem}` };
    fields ??= {};
    fields[name] = typeof value === 'object' ? structuredClone(value) : value;
  }
  return { index, id: id === undefined ? undefined : normalKey(id), text, vector, fields };
}

/** Whether a check found a problem. */
export function isProblem(checked: CheckedRow | RowProblem): checked is RowProblem {
  return 'reason' in checked;
}

/** Normalises keys: a bigint that a number can represent exactly becomes that number. */
export function normalKey(id: Key): Key {
  return typeof id === 'bigint' && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/** Why a value cannot be an id. */
export function keyProblem(id: unknown): string | undefined {
  if (typeof id === 'string') {
    if (id === '') return 'id must not be empty';
    return ILL_FORMED.test(id) ? 'id must be well-formed Unicode' : undefined;
  }
  if (typeof id === 'bigint' || Number.isSafeInteger(id)) return undefined;
  return `id must be a string or a whole number; found ${described(id)}`;
}

/** Why a value cannot be a vector of this index. */
export function vectorProblem(name: string, dim: number, vector: unknown): string | undefined {
  if (!isFloat32Array(vector)) return `${name} must be a Float32Array; found ${described(vector)}`;
  if (vector.length !== dim) return `${name} must have ${dim} values; found ${vector.length}`;
  // A finite value times 0 is 0, any other NaN.
  let probe = 0;
  for (let i = 0; i < dim; i++) probe += vector[i]! * 0;
  for (let i = 0; probe !== 0 && i < dim; i++) {
    if (!Number.isFinite(vector[i])) return `${name} must be finite; value ${i} is ${vector[i]}`;
  }
  return undefined;
}

function jsonProblem(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return ILL_FORMED.test(value) ? 'must be well-formed Unicode' : undefined;
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `must be a finite number; found ${value}`;
    case 'object':
      break;
    default:
      return `must be a JSON value; found ${described(value)}`;
  }
  if (value === null) return undefined;
  if (depth === MOST_DEPTH) return `must not be nested more than ${MOST_DEPTH} deep`;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return `must be a JSON value; found ${described(value)}`;
  }
  for (const each of Object.values(value as object)) {
    const problem = jsonProblem(each, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
