import { EmbeddingFunctionError, invalidArgument } from './embedding-function-error.js';
import { passArray } from './embedding-function-remedy.js';

/** Checks that all texts are strings before any work begins. */
export function checkTexts(texts: readonly string[]): void {
  if (!Array.isArray(texts)) {
    if (typeof texts === 'string') throw bareString();
    throw invalidArgument('texts', 'an array of strings (encodeStream takes any iterable)', texts);
  }
  for (let i = 0; i < texts.length; i++) checkText(texts[i], i);
}

/** Checks one text, which the error names by its index. */
export function checkText(text: unknown, index: number): asserts text is string {
  if (typeof text !== 'string') throw invalidArgument(`texts[${index}]`, 'a string', text);
}

/** The error for a single string. It is iterable, but splitting it into characters is hardly ever intended. */
export function bareString(): EmbeddingFunctionError {
  return new EmbeddingFunctionError(
    'invalid-argument',
    'texts must be an array; found one string',
    passArray(),
  );
}
