/** The start of a stream, and the whole stream. */
export interface PeekedBytes {
  readonly head: Uint8Array;
  /** All bytes, including the start. Can be read once. */
  all(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Reads a stream until its start is long enough, or the stream ends.
 *
 * @param most - number of bytes that is always enough
 */
export async function peek(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  most: number,
  isEnough: (head: Uint8Array) => boolean,
): Promise<PeekedBytes> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < most && !isEnough(head)) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return {
    head,
    async *all() {
      try {
        if (head.length > 0) yield head;
        yield* chunks;
      } finally {
        // Closes the file even if the consumer stops after the start.
        await chunks.return();
      }
    },
  };
}
