/**
 * Token ids of several texts, end to end: text `i` owns `ids[offsets[i] .. offsets[i + 1])`.
 *
 * No text is padded, so `ids` holds exactly as many ids as the texts have tokens.
 */
export interface TokenBatch {
  /** Ids of every text, in order. */
  readonly ids: Uint32Array;
  /** `texts + 1` ascending positions in {@link TokenBatch.ids}; the first is 0. */
  readonly offsets: Uint32Array;
}

/**
 * Where a tokenizer writes ids. The caller owns the memory, so it can be a view of a WebAssembly module's.
 *
 * A tokenizer writes to `ids[length]` and advances `length`; when `ids` is full it calls {@link TokenSink.grow}.
 */
export interface TokenSink {
  /** Memory for ids; replaced by {@link TokenSink.grow}. */
  ids: Uint32Array;
  /** How many ids have been written. */
  length: number;
  /** Replaces `ids` with an array of at least `capacity` elements that begins with the same content. */
  grow(capacity: number): void;
}
