import { readArray, readBoolean, readCount, readObject, readString } from './json/json-reader.js';

/** One of the `added_tokens` of `tokenizer.json`. */
export interface AddedToken {
  readonly content: string;
  /** Whether it counts only where no word character touches it. */
  readonly singleWord: boolean;
  /** Whether white space before it goes with it. */
  readonly stripsLeft: boolean;
  /** Whether white space after it goes with it. */
  readonly stripsRight: boolean;
  /** Whether it is looked for in the normalized text, in normalized form, rather than in the text as given. */
  readonly normalized: boolean;
}

function readAddedToken(value: unknown, path: string): AddedToken {
  const json = readObject(value, path);
  // Neither changes ids: the reference assigns ids anew, and treats special tokens as others when it encodes.
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
