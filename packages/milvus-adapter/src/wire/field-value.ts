import type { CollectionField, ScalarType } from '../collection/collection-schema.js';
import { described } from '../milvus-error.js';
import { isFloat32Array } from './float32-array.js';
import { isWellFormed, jsonText } from './json-value.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

/**
 * Why a value does not fit its field; `undefined` if it fits. A server would refuse such a value without naming its row,
 * or would store another value.
 */
export function valueProblem(field: CollectionField, value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return field.nullable ? undefined : `field ${field.name} is missing`;
  }
  if (field.kind === 'vector') return vectorProblem(`field ${field.name}`, vectorLength(field, value), value);
  if (field.type === 'array') return arrayProblem(field, value);
  return scalarProblem(field.name, field.type as ScalarType, field.maxLength, value);
}

/** Number of values that a vector needs for this field; a binary field has up to seven bits more. */
function vectorLength(field: CollectionField, value: unknown): number {
  const { fieldDim } = VECTOR_TYPES[field.type as VectorType];
  return isFloat32Array(value) && fieldDim(value.length) === field.dim ? value.length : (field.dim ?? 0);
}

/**
 * Why Milvus Lite would store another value: it returns strings of a JSON field without quotes, so that '5' would become
 * 5, and refuses numbers and booleans.
 */
export function liteProblem(lite: boolean, field: CollectionField, value: unknown): string | undefined {
  if (!lite || field.type !== 'json' || value === undefined || typeof value === 'object') return undefined;
  return `field ${field.name} must be an object or an array on Milvus Lite; found ${described(value)}`;
}

/** Why something is not a vector of `dim` finite values. */
export function vectorProblem(name: string, dim: number, value: unknown): string | undefined {
  if (!isFloat32Array(value)) return `${name} must be a Float32Array; found ${described(value)}`;
  if (value.length !== dim) return `${name} must have ${dim} values; found ${value.length}`;
  // The sum is zero unless a value is NaN or infinite: one pass without branches, bound by memory bandwidth.
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
      return floatProblem(name, value);
    case 'double':
      return finiteProblem(name, value);
    case 'json': {
      const { problem } = jsonText(value);
      return problem === undefined ? undefined : `in field ${name}: ${problem}`;
    }
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

function finiteProblem(name: string, value: unknown): string | undefined {
  return Number.isFinite(value)
    ? undefined
    : `field ${name} must be a finite number; found ${described(value)}`;
}

/** A double is rounded to the nearest float, but it must not become infinity or, unless it is zero, zero. */
function floatProblem(name: string, value: unknown): string | undefined {
  const problem = finiteProblem(name, value);
  if (problem !== undefined) return problem;
  const float = Math.fround(value as number);
  if (Number.isFinite(float) && (float !== 0 || value === 0)) return undefined;
  return `field ${name} must be in the range of a float (1.4e-45 to 3.4e38); found ${described(value)}`;
}

/** Why something is not a well-formed string of at most `maxLength` bytes of UTF-8, which is what Milvus counts. */
export function stringProblem(
  name: string,
  maxLength: number | undefined,
  value: unknown,
): string | undefined {
  if (typeof value !== 'string') return `${name} must be a string; found ${described(value)}`;
  if (!isWellFormed(value)) return `${name} must be well-formed Unicode; it has a lone surrogate`;
  // A UTF-16 unit is at most three bytes, so most texts need no counting.
  if (maxLength === undefined || value.length * 3 <= maxLength) return undefined;
  const length = Buffer.byteLength(value);
  return length <= maxLength
    ? undefined
    : `${name} holds at most ${maxLength} bytes of UTF-8; found ${length}`;
}

/** Approximate bytes of a value in a request, to limit a batch. */
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
