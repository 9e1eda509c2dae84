import { invalidArgument } from './embedding-function-error.js';

/** Progress of a call. */
export interface EncodeProgress {
  /** Number of texts that are embedded. */
  readonly done: number;
  /** Number of all texts; absent if the input is a stream. */
  readonly total?: number;
}

/** Options of `encodeSync`, which cannot be aborted. */
export interface EncodeSyncOptions {
  /**
   * Number of texts that are tokenized and pooled at once. Results do not depend on it; memory and the delay before an
   * abort takes effect do.
   *
   * @defaultValue the embedder's, which is `1024`
   */
  readonly batchSize?: number;
  /** Called after each batch. If it throws, the call fails with its error. */
  readonly onProgress?: (progress: EncodeProgress) => void;
  /**
   * Most tokens of a text, unknown tokens counted; `null` for all. 0 gives zero vectors, as in the reference. The text
   * is first cut to `maxLength` times the median token length, in code points.
   *
   * @defaultValue the embedder's
   */
  readonly maxLength?: number | null;
  /**
   * Whether to scale embeddings to unit length. A text without known tokens stays a zero vector.
   *
   * @defaultValue the embedder's
   */
  readonly normalize?: boolean;
  /**
   * Memory that receives the embeddings: a `Float32Array` with room for all rows, over an `ArrayBuffer` or a
   * `SharedArrayBuffer`, which several threads fill in place. Pass `memory.subarray(offset)` to start elsewhere. The
   * resulting matrix is a view of it.
   *
   * A loop that reuses it allocates nothing. The memory must not be read, written, transferred or shrunk until the call
   * ends; a call that fails can leave rows in it.
   *
   * @defaultValue new memory
   */
  readonly out?: Float32Array;
}

/** Options of `encode` and of the other asynchronous calls. */
export interface EncodeOptions extends EncodeSyncOptions {
  /** Ends the call between two batches, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of `encodeAsSequence`, which never normalizes. */
export interface EncodeAsSequenceOptions extends Omit<EncodeOptions, 'normalize' | 'out'> {
  /**
   * Most tokens of a text; `null` for all. The embedder's own `maxLength` is ignored, as in the reference.
   *
   * @defaultValue `null`
   */
  readonly maxLength?: number | null;
}

/** Options of `tokenize`. */
export interface TokenizeOptions {
  /**
   * Most tokens of a text; `null` for all.
   *
   * @defaultValue the embedder's
   */
  readonly maxLength?: number | null;
}

/** Options of `encodeTokens`. */
export interface EncodeTokensOptions {
  /**
   * Number of values of each embedding to keep, from the first, as in a model loaded with this `dimensionality`.
   *
   * @defaultValue the embedder's `dim`
   */
  readonly dimensionality?: number;
  /**
   * Whether to scale embeddings to unit length. A text without known tokens stays a zero vector.
   *
   * @defaultValue the embedder's
   */
  readonly normalize?: boolean;
}

/** Settings of one call. */
export interface EncodeSettings {
  readonly maxLength: number | null;
  readonly normalize: boolean;
  readonly batchSize: number;
}

/** The settings of a call: its options, else the embedder's settings. */
export function encodeSettings(
  options: Pick<EncodeOptions, keyof EncodeSettings> | undefined,
  defaults: EncodeSettings,
): EncodeSettings {
  if (!options) return defaults;
  const {
    maxLength = defaults.maxLength,
    normalize = defaults.normalize,
    batchSize = defaults.batchSize,
  } = options;
  // The reference slices a string by it and passes it to Rust as an unsigned integer; both reject other values.
  if (maxLength !== null && !isCount(maxLength)) {
    throw invalidArgument('maxLength', 'a whole number from 0 on, or null', maxLength);
  }
  if (typeof normalize !== 'boolean') throw invalidArgument('normalize', 'true or false', normalize);
  if (!isCount(batchSize) || batchSize === 0) {
    throw invalidArgument('batchSize', 'a whole number from 1 on', batchSize);
  }
  return { maxLength, normalize, batchSize };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
