import { readArray, readBoolean, readCount, readObject, readString } from './json/json-reader.js';

/** An entry of `added_tokens` in `tokenizer.json`. */
export interface AddedToken {
  readonly content: string;
  /** Whether it matches only between characters that are not word characters. */
  readonly singleWord: boolean;
  /** Whether the match includes white space before it. */
  readonly stripsLeft: boolean;
  /** Whether the match includes white space after it. */
  readonly stripsRight: boolean;
  /** Whether its normalized form is searched in the normalized text; else its content in the original text. */
  readonly normalized: boolean;
}

function readAddedToken(value: unknown, path: string): AddedToken {
  const json = readObject(value, path);
  // Neither affects ids: the reference assigns new ids, and encodes special tokens like others.
  readCount(json.id, `${path}.id`);
  readBoolean(json.special, `${path}.special`);
  return {
    content: readString(json.content, `${path}.content`),
    singleWord: readBoolean(json.single_word, `${path}.single_word`),
    stripsLeft: readBoolean(json.lstrip, `${path}.lstrip`),
    stripsRight: readBoolean(json.rstrip, `${path}.rstrip`),
    normalized: readBoolean(json.normalized, `${path}.normalized`),
  };
}

/** Reads the `added_tokens` of `tokenizer.json`. */
export function readAddedTokens(value: unknown, path: string): readonly AddedToken[] {
  return readArray(value, path).map((token, i) => readAddedToken(token, `${path}[${i}]`));
}
