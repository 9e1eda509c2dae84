import { MalformedTokenizerError } from '../tokenizer-error.js';

/** An object of parsed JSON with unchecked values. */
export type JsonObject = Readonly<Record<string, unknown>>;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

function mismatch(path: string, expected: string, value: unknown): MalformedTokenizerError {
  return new MalformedTokenizerError(path, `must be ${expected}, found ${describe(value)}`);
}

export function readObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(path, 'an object', value);
  }
  return value as JsonObject;
}

export function readArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch(path, 'an array', value);
  return value;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw mismatch(path, 'a string', value);
  return value;
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw mismatch(path, 'true or false', value);
  return value;
}

export function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number') throw mismatch(path, 'a number', value);
  return value;
}

/** Reads a whole number from 0 to `limit`, by default the reference's largest id, 2³² − 1. */
export function readCount(value: unknown, path: string, limit: number = 0xffff_ffff): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > limit) {
    throw mismatch(path, `a whole number from 0 to ${limit}`, value);
  }
  return value;
}

/** Reads exactly one code point, as the reference reads a Rust `char`. */
export function readCharacter(value: unknown, path: string): string {
  const text = readString(value, path);
  if ([...text].length !== 1) throw mismatch(path, 'a string of one character', value);
  return text;
}

/** Reads a value, or `undefined` if it is absent or null, as the reference reads a Rust `Option`. */
export function readOptional<T>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}
