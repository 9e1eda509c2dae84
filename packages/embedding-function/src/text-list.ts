import { EmbeddingFunctionError, invalidArgument } from './embedding-function-error.js';

/** Refuses what is not an array of strings, before any work is done for its first elements. */
export function checkTexts(texts: readonly string[]): void {
  if (!Array.isArray(texts)) {
    if (typeof texts === 'string') throw bareString();
    throw invalidArgument('texts', 'an array of strings (encodeStream takes any iterable)', texts);
  }
  for (let i = 0; i < texts.length; i++) checkText(texts[i], i);
}

/** Refuses an element that is not a string, by its index. */
export function checkText(text: unknown, index: number): asserts text is string {
  if (typeof text !== 'string') throw invalidArgument(`texts[${index}]`, 'a string', text);
}

/** A string is a list of its characters to JavaScript, but hardly ever to whoever passes one. */
export function bareString(): EmbeddingFunctionError {
  return new EmbeddingFunctionError(
    'invalid-argument',
    'texts must be a list; found one string: pass [text]',
  );
}
