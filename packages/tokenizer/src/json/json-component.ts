import { UnsupportedTokenizerError } from '../tokenizer-error.js';
import { type JsonObject, readObject } from './json-reader.js';

/** Reads the object of a normalizer or pre-tokenizer. */
export function readComponent(value: unknown, path: string): JsonObject {
  if (Array.isArray(value)) {
    const reason = 'the reference guesses the component from the elements of the array';
    throw new UnsupportedTokenizerError(path, 'array', reason, { remedy: { code: 'write-object', path } });
  }
  return readObject(value, path);
}
