import type { CollectionField, ScalarType } from '../collection/collection-schema.js';
import { described } from '../milvus-error.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

/**
 * Why a value does not fit its field, or `undefined` where it fits: what the server would refuse (or, worse, take and
 * alter) can be said with the row's own id before anything is sent.
 */
export function valueProblem(field: CollectionField, value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return field.nullable ? undefined : `field ${field.name} is missing`;
  }
  if (field.kind === 'vector') return vectorProblem(`field ${field.name}`, vectorLength(field, value), value);
  if (field.type === 'array') return arrayProblem(field, value);
  return scalarProblem(field.name, field.type as ScalarType, field.maxLength, value);
}

/** Values that a vector must have for this field: a binary field holds up to seven bits more. */
function vectorLength(field: CollectionField, value: unknown): number {
  const { fieldDim } = VECTOR_TYPES[field.type as VectorType];
  return value instanceof Float32Array && fieldDim(value.length) === field.dim
    ? value.length
    : (field.dim ?? 0);
}

/** Why something is no vector of `dim` finite values. */
export function vectorProblem(name: string, dim: number, value: unknown): string | undefined {
  if (!(value instanceof Float32Array)) return `${name} must be a Float32Array; found ${described(value)}`;
  if (value.length !== dim) return `${name} must have ${dim} values; found ${value.length}`;
  // A sum of zeros unless a value is NaN or infinite: one pass without branches, bound by memory.
  let zero = 0;
  for (let i = 0; i < value.length; i++) zero += value[i]! * 0;
  if (zero === 0) return undefined;
  const at = value.findIndex((x) => !Number.isFinite(x));
  return `${name} must have finite values; found ${value[at]} at ${at}`;
}

function arrayProblem(field: CollectionField, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `field ${field.name} must be an array; found ${described(value)}`;
  const { maxCapacity = Number.POSITIVE_INFINITY, elementType = 'varchar' } = field;
  if (value.length > maxCapacity) {
    return `field ${field.name} holds at most ${maxCapacity} elements; found ${value.length}`;
  }
  for (const [i, element] of value.entries()) {
    const problem = scalarProblem(`${field.name}[${i}]`, elementType, field.maxLength, element);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const INTEGER_BITS: Readonly<Partial<Record<ScalarType, number>>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
};

function scalarProblem(
  name: string,
  type: ScalarType,
  maxLength: number | undefined,
  value: unknown,
): string | undefined {
  switch (type) {
    case 'varchar':
      return stringProblem(`field ${name}`, maxLength, value);
    case 'bool':
      return typeof value === 'boolean'
        ? undefined
        : `field ${name} must be a boolean; found ${described(value)}`;
    case 'float':
    case 'double':
      return Number.isFinite(value)
        ? undefined
        : `field ${name} must be a finite number; found ${described(value)}`;
    case 'json':
      return jsonText(value).problem;
    case 'array':
      return `field ${name} cannot be an array of arrays`;
    default: {
      const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
      const bits = INTEGER_BITS[type]!;
      if (whole && BigInt.asIntN(bits, BigInt(value as bigint)) === BigInt(value as bigint)) return undefined;
      return `field ${name} must be a whole number of ${bits} bits (a bigint above 2^53); found ${described(value)}`;
    }
  }
}

/** Why something is no string of at most so many bytes of UTF-8, which is how Milvus counts. */
export function stringProblem(
  name: string,
  maxLength: number | undefined,
  value: unknown,
): string | undefined {
  if (typeof value !== 'string') return `${name} must be a string; found ${described(value)}`;
  // A UTF-16 unit is at most three bytes, so most texts need no counting.
  if (maxLength === undefined || value.length * 3 <= maxLength) return undefined;
  const length = Buffer.byteLength(value);
  return length <= maxLength
    ? undefined
    : `${name} holds at most ${maxLength} bytes of UTF-8; found ${length}`;
}

/** A value as JSON, or why it has none: nothing is silently turned into null or left out. */
export function jsonText(value: unknown): { readonly text: string; readonly problem?: string } {
  let problem: string | undefined;
  const refuse = (key: string, rule: string): undefined => {
    problem ??= key === '' ? rule : `field ${key} ${rule}`;
    return undefined;
  };
  const text = tryStringify(value, (key, found: unknown) => {
    if (typeof found === 'number' && !Number.isFinite(found))
      return refuse(key, `is ${found}, which JSON lacks`);
    if (typeof found === 'bigint') {
      return refuse(key, 'is a bigint, which JSON lacks: declare an int64 field or write a string');
    }
    if (typeof found === 'function' || typeof found === 'symbol') return refuse(key, `is a ${typeof found}`);
    if (ArrayBuffer.isView(found)) return refuse(key, `is a ${described(found)}, which JSON lacks`);
    return found;
  });
  if (text === undefined) return { text: '', problem: problem ?? 'JSON cannot hold a circular value' };
  return problem === undefined ? { text } : { text, problem };
}

function tryStringify(
  value: unknown,
  replacer: (key: string, found: unknown) => unknown,
): string | undefined {
  try {
    return JSON.stringify(value, replacer) as string | undefined;
  } catch {
    return undefined;
  }
}

/** Bytes that a value takes in a request, near enough to bound a batch. */
export function valueSize(field: CollectionField, value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (field.kind === 'vector') return VECTOR_TYPES[field.type as VectorType].byteLength(field.dim ?? 0);
  if (typeof value === 'string') return 4 + Buffer.byteLength(value);
  if (field.type === 'json') return 4 + Buffer.byteLength(jsonText(value).text);
  if (Array.isArray(value)) {
    return value.reduce(
      (sum: number, element) => sum + (typeof element === 'string' ? 4 + Buffer.byteLength(element) : 10),
      8,
    );
  }
  return 10;
}
