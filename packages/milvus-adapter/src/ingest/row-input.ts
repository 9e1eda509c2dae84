import type { Interruption } from './interruption.js';

/**
 * Calls `take` with each row, in order, and awaits its result. Unlike `for await`, it can be interrupted even if the
 * input hangs.
 */
export async function eachRow(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  interruption: Interruption,
  take: (row: unknown) => Promise<void> | undefined,
): Promise<void> {
  if (Symbol.iterator in rows) {
    // An array needs no turn of the event loop per row.
    for (const row of rows) {
      const work = take(row);
      if (work !== undefined) await work;
    }
    return;
  }
  const input = rows[Symbol.asyncIterator]();
  let isReading = false;
  try {
    for (;;) {
      isReading = true;
      const { done, value } = await interruption.wait(input.next());
      isReading = false;
      if (done) return;
      const work = take(value);
      if (work !== undefined) await work;
    }
  } catch (error) {
    const released = release(input);
    // A generator answers only after its pending row, which may never come.
    if (!isReading) await released;
    throw error;
  }
}

/** Whether a value can be read row by row. */
export function isRowInput(found: unknown): found is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof found === 'object' && found !== null && (Symbol.iterator in found || Symbol.asyncIterator in found)
  );
}

/** Lets an input release its resources; its result is ignored. */
async function release(input: AsyncIterator<unknown>): Promise<void> {
  try {
    await input.return?.();
  } catch {
    // The reason for stopping is more important.
  }
}
