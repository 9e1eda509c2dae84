import { readObject } from '../json-reader.js';
import { UnsupportedTokenizerError } from '../tokenizer-error.js';
import type { TokenModel } from './token-model.js';

/** Reads the `model` of `tokenizer.json`. */
export function readModel(value: unknown, path: string): TokenModel {
  const json = readObject(value, path);
  throw new UnsupportedTokenizerError(path, String(json['type']), 'its reader is not written yet');
}
