/**
 * Token ids of several texts, end to end: text `i` owns `ids[offsets[i] .. offsets[i + 1])`.
 *
 * Texts are not padded, so `ids` has as many ids as the texts have tokens.
 */
export interface TokenBatch {
  /** Ids of all texts, in order. */
  readonly ids: Uint32Array;
  /** `texts + 1` ascending positions in {@link TokenBatch.ids}; the first is 0. */
  readonly offsets: Uint32Array;
}

/**
 * Memory that a tokenizer writes ids to. It belongs to the caller, so it can be a view of WebAssembly memory.
 *
 * A tokenizer writes to `ids[length]` and advances `length`; when `ids` is full it calls {@link TokenSink.grow}.
 */
export interface TokenSink {
  /** Memory for ids; replaced by {@link TokenSink.grow}. */
  ids: Uint32Array;
  /** Number of ids written. */
  length: number;
  /** Replaces `ids` with an array of at least `capacity` elements that begins with the same content. */
  grow(capacity: number): void;
}
