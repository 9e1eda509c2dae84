import { UnsupportedTokenizerError } from '../tokenizer-error.js';
import { writeObject } from '../tokenizer-remedy.js';
import { type JsonObject, readObject } from './json-reader.js';

/** Reads the object of a normalizer or pre-tokenizer. */
export function readComponent(value: unknown, path: string): JsonObject {
  if (Array.isArray(value)) {
    const reason = 'the reference guesses the component from the elements of the array';
    throw new UnsupportedTokenizerError(path, 'array', reason, writeObject(path));
  }
  return readObject(value, path);
}
