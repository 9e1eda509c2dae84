import { invalidArgument } from './embedding-function-error.js';
import { bareString, checkText } from './text-list.js';

/** Texts that are at hand, or come one by one. */
export type TextStream = Iterable<string> | AsyncIterable<string>;

/** Refuses what cannot be iterated, and a bare string, which could. */
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
 * Texts in lists of `size`, the last one shorter. The source is asked for more only when a list is asked for, so that
 * at most one list is held. It is told to end where the reader stops, an element is no string, or the signal aborts.
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

/** Lists of texts that come one by one. */
export interface TextBatches extends AsyncIterable<readonly string[]> {
  next(): Promise<IteratorResult<readonly string[], void>>;
  /** Tells the source to end. */
  return(): Promise<unknown>;
}

/**
 * The same lists, the first of which is asked for at once: some sources, Node's lines of a file among them, lose what
 * comes before they are asked.
 */
export function startReading(batches: AsyncGenerator<readonly string[], void, undefined>): TextBatches {
  let first: Promise<IteratorResult<readonly string[], void>> | undefined = batches.next();
  // Whoever asks for it hears of its error.
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

/** A stream whose next text is not waited for once the signal aborts, however long its source is silent. */
function abortable(texts: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<string> {
  const iterator = texts[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<string>> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        reject(signal.reason);
        // Not awaited: a generator that waits for its own source ends only after that.
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
