import type { JsonObject } from './request-body.js';
import { RequestError } from './request-error.js';

/** Reads an optional string; `null` counts as absent, because clients send it for unset options. */
export function optionalString(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

/** Reads an optional boolean. */
export function optionalBoolean(body: JsonObject, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

/** Reads an optional whole number from 1 on. */
export function optionalCount(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw wrongType(name, 'a whole number from 1 on', value);
  }
  return value;
}

/** Reads an optional object. */
export function optionalObject(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'an object', value);
  return value as JsonObject;
}

/** An error with the field, the rule and the type found, but never the value, because it may be a text. */
export function wrongType(name: string, rule: string, found: unknown): RequestError {
  const message = `\`${name}\` must be ${rule}; found ${described(found)}`;
  return new RequestError('invalid-argument', message, { param: name });
}

function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  return typeof value === 'string' ? 'a string' : 'an object';
}
