import { invalidArgument } from './embedding-function-error.js';
import { bareString } from './text-list.js';

/** Texts in memory or from a stream. */
export type TextStream = Iterable<string> | AsyncIterable<string>;

/** Checks that the texts are iterable, and not one string. */
export function checkTextStream(texts: TextStream): void {
  if (typeof texts === 'string') throw bareString();
  if (
    texts === null ||
    typeof texts !== 'object' ||
    !(Symbol.asyncIterator in texts || Symbol.iterator in texts)
  ) {
    throw invalidArgument('texts', 'an iterable or async iterable of strings', texts);
  }
}

/**
 * Opens the source now, to be read later: some sources, such as Node's line reader, lose texts that arrive before they are
 * opened.
 */
export function openTextStream(texts: TextStream): TextStream {
  if (!(Symbol.asyncIterator in texts)) return texts;
  const iterator = texts[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}
