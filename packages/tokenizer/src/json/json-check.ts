import { Vocabulary } from '../models/vocabulary.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import type { JsonObject } from './json-reader.js';

/** How deep the reference lets arrays and objects stand in each other. */
const DEPTH_LIMIT = 127;
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

function checkText(text: string, path: string): void {
  if (LONE_SURROGATE.test(text)) {
    throw new MalformedTokenizerError(path, 'holds half a surrogate pair, which is no character');
  }
}

function check(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    checkText(value, path);
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new MalformedTokenizerError(path, 'holds a number that is out of range');
  } else if (typeof value === 'object' && value !== null && !(value instanceof Vocabulary)) {
    if (depth > DEPTH_LIMIT) {
      throw new MalformedTokenizerError(path, `is nested more than ${DEPTH_LIMIT} deep`);
    }
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
 * Refuses what JSON can say and the reference's reader refuses; what reads the parts later can recurse safely.
 *
 * @throws MalformedTokenizerError for half a surrogate pair, a number out of range, and deeper nesting than it reads
 */
export function checkJson(value: unknown): void {
  check(value, '$', 1);
}
