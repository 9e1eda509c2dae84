import type { TokenSink } from './token-batch.js';

/** A {@link TokenSink} in memory of its own that grows as it is written to. */
export class TokenBuffer implements TokenSink {
  /** Memory for ids, of which the first {@link TokenBuffer.length} are written. */
  ids: Uint32Array;
  /** How many ids have been written. Set it to 0 to use the memory again. */
  length = 0;

  /** @param capacity - How many ids fit before the memory grows for the first time. */
  constructor(capacity: number = 256) {
    this.ids = new Uint32Array(capacity);
  }

  /** Makes room for at least `capacity` ids, and for twice as many as before. */
  grow(capacity: number): void {
    const ids = new Uint32Array(Math.max(capacity, this.ids.length * 2));
    ids.set(this.ids.subarray(0, this.length));
    this.ids = ids;
  }

  /** A copy of what has been written. */
  toIds(): Uint32Array {
    return this.ids.slice(0, this.length);
  }
}
