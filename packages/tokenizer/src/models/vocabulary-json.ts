import { readCount, readObject, readString } from '../json/json-reader.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { Vocabulary, vocabularyOf } from './vocabulary.js';

/** Reads an object of tokens and their ids, or returns a vocabulary that was read already. */
export function readVocabulary(value: unknown, path: string): Vocabulary {
  // It was made directly from the bytes.
  if (value instanceof Vocabulary) return value;
  const json = readObject(value, path);
  const tokens = Object.keys(json);
  return vocabularyOf(tokens, (i) => {
    const token = tokens[i]!;
    const tokenPath = `${path}.${token}`;
    return readCount(json[readText(token, tokenPath)], tokenPath);
  });
}

/** The reference's JSON parser refuses an escaped lone surrogate. */
export function readText(value: unknown, path: string): string {
  const text = readString(value, path);
  if (/\p{Surrogate}/u.test(text)) {
    throw new MalformedTokenizerError(path, 'must be well-formed text, found a lone surrogate');
  }
  return text;
}
