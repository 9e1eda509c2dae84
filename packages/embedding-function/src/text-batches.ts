import { checkText } from './text-list.js';
import type { TextStream } from './text-stream.js';

/**
 * Yields texts in lists of `size`, the last one shorter. Reads the source only when a list is requested, so that it holds at
 * most one list. Closes the source if the reader stops, an element is no string, or the signal aborts.
 */
export async function* textBatches(
  texts: TextStream,
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[], void, undefined> {
  let index = 0;
  let batch: string[] = [];
  for await (const text of signal && Symbol.asyncIterator in texts ? abortable(texts, signal) : texts) {
    checkText(text, index++);
    batch.push(text);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Lists of texts that arrive one by one. */
export interface TextBatches extends AsyncIterable<readonly string[]> {
  next(): Promise<IteratorResult<readonly string[], void>>;
  /** Closes the source. */
  return(): Promise<unknown>;
}

/**
 * Returns the same lists, and requests the first one at once. The source is then closed even if the call fails before it
 * reads a list: a generator that has not started does not close its source.
 */
export function startReading(batches: AsyncGenerator<readonly string[], void, undefined>): TextBatches {
  let first: Promise<IteratorResult<readonly string[], void>> | undefined = batches.next();
  // The caller of `next` gets its error.
  first.catch(() => undefined);
  const iterator: TextBatches = {
    next() {
      const next = first ?? batches.next();
      first = undefined;
      return next;
    },
    return: () => batches.return(),
    [Symbol.asyncIterator]: () => iterator as AsyncIterator<readonly string[]>,
  };
  return iterator;
}

/** Wraps a stream so that an abort ends the wait for its next text, however long the source is silent. */
function abortable(texts: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<string> {
  const iterator = texts[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<string>> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(signal.reason);
        // Not awaited, because a generator that waits for its own source closes only after that.
        Promise.resolve(iterator.return?.()).catch(() => undefined);
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      iterator
        .next()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
  const end = async (): Promise<IteratorResult<string>> =>
    (await iterator.return?.()) ?? { done: true, value: undefined };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}
