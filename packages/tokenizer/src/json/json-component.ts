import { UnsupportedTokenizerError } from '../tokenizer-error.js';
import { type JsonObject, readObject } from './json-reader.js';

/** A normalizer or pre-tokenizer, whose fields must have names. */
export function readComponent(value: unknown, path: string): JsonObject {
  if (Array.isArray(value)) {
    const reason =
      'of an array the reference takes what its elements happen to fit; write an object with a type';
    throw new UnsupportedTokenizerError(path, 'array', reason);
  }
  return readObject(value, path);
}
