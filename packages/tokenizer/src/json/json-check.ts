import { Vocabulary } from '../models/vocabulary.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { DEPTH_LIMIT, tooDeep } from './json-depth.js';
import type { JsonObject } from './json-reader.js';

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

function checkText(text: string, path: string): void {
  if (LONE_SURROGATE.test(text)) {
    throw new MalformedTokenizerError(path, 'contains half a surrogate pair, which is not a character');
  }
}

function check(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    checkText(value, path);
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new MalformedTokenizerError(path, 'contains a number that is out of range');
  } else if (typeof value === 'object' && value !== null && !(value instanceof Vocabulary)) {
    if (depth > DEPTH_LIMIT) throw tooDeep(path);
    if (Array.isArray(value)) {
      for (const element of value) check(element, path, depth + 1);
    } else {
      for (const key of Object.keys(value)) {
        checkText(key, path);
        check((value as JsonObject)[key], depth === 1 ? `${path}.${key}` : path, depth + 1);
      }
    }
  }
}

/**
 * Refuses JSON that the reference's reader refuses. Readers of the parts can then recurse safely.
 *
 * @throws {@link MalformedTokenizerError} for a lone surrogate, a number out of range, or too deep nesting
 */
export function checkJson(value: unknown): void {
  check(value, '$', 1);
}
