import type { TokenSink } from './token-batch.js';

/**
 * A {@link TokenSink} with its own memory, which grows as needed.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { loadTokenizer, TokenBuffer } from '@model2vec-ts/tokenizer';
 *
 * const tokenizer = loadTokenizer(await readFile('tokenizer.json'));
 * const buffer = new TokenBuffer();
 * for (const text of ['one text', 'another one']) {
 *   buffer.length = 0;
 *   tokenizer.encodeInto(text, buffer);
 *   console.log(buffer.ids.subarray(0, buffer.length));
 * }
 * ```
 */
export class TokenBuffer implements TokenSink {
  /** Memory for ids; the first {@link TokenBuffer.length} are written. */
  ids: Uint32Array;
  /** Number of ids written. Set it to 0 to reuse the memory. */
  length = 0;

  /** @param capacity - number of ids before the memory first grows */
  constructor(capacity: number = 256) {
    this.ids = new Uint32Array(capacity);
  }

  /** Grows to at least `capacity` ids, and to at least twice the size. */
  grow(capacity: number): void {
    const ids = new Uint32Array(Math.max(capacity, this.ids.length * 2));
    ids.set(this.ids.subarray(0, this.length));
    this.ids = ids;
  }

  /** Returns a copy of the written ids. */
  toIds(): Uint32Array {
    return this.ids.slice(0, this.length);
  }
}
