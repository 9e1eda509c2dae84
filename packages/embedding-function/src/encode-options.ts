import { invalidArgument } from './embedding-function-error.js';

/** How far an encode has come. */
export interface EncodeProgress {
  /** Texts whose embeddings are done. */
  readonly done: number;
  /** All texts; absent where the input is a stream. */
  readonly total?: number;
}

/** What every way to encode takes. */
interface CommonOptions {
  /**
   * Texts that are tokenized and pooled at once. Results do not depend on it; memory and the delay before an abort
   * is seen do.
   * @default the embedder's, which is 1024
   */
  readonly batchSize?: number;
  /** Called after each batch. What it throws ends the encode. */
  readonly onProgress?: (progress: EncodeProgress) => void;
}

/** {@link CommonOptions} of the ways that return at once. */
interface AsyncOptions extends CommonOptions {
  /** Ends the encode between two batches, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What decides on vectors. */
interface VectorOptions {
  /**
   * Most tokens of a text, unknown tokens counted; `null` for all. 0 gives zero vectors, as in the reference. The
   * text is first cut to `maxLength` times the median token length, in code points.
   * @default the embedder's
   */
  readonly maxLength?: number | null;
  /**
   * Whether embeddings get unit length. A text without known tokens stays a zero vector.
   * @default the embedder's
   */
  readonly normalize?: boolean;
}

/** How to encode texts. */
export interface EncodeOptions extends AsyncOptions, VectorOptions {}

/** How to encode texts without a promise: nothing can abort it. */
export interface EncodeSyncOptions extends CommonOptions, VectorOptions {}

/** How to encode texts as one vector for each token. */
export interface EncodeAsSequenceOptions extends AsyncOptions {
  /**
   * Most tokens of a text; `null` for all. The embedder's own `maxLength` is ignored, as in the reference.
   * @default null
   */
  readonly maxLength?: number | null;
}

/** How to tokenize texts. */
export interface TokenizeOptions {
  /**
   * Most tokens of a text; `null` for all.
   * @default the embedder's
   */
  readonly maxLength?: number | null;
}

/** How to embed token ids. */
export interface EncodeTokensOptions {
  /**
   * Keep the first values of each embedding, as a model loaded with this `dimensionality` has them.
   * @default the embedder's `dim`
   */
  readonly dimensionality?: number;
  /**
   * Whether embeddings get unit length. A text without known tokens stays a zero vector.
   * @default the embedder's
   */
  readonly normalize?: boolean;
}

/** The settings of one call. */
export interface EncodeSettings {
  readonly maxLength: number | null;
  readonly normalize: boolean;
  readonly batchSize: number;
}

/** A call's options over an embedder's settings. */
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
  // The reference slices a string by it and hands it to a library as an unsigned integer: both refuse the rest.
  if (maxLength !== null && !isCount(maxLength)) {
    throw invalidArgument('maxLength', 'a whole number of tokens from 0 on, or null for no limit', maxLength);
  }
  if (typeof normalize !== 'boolean') throw invalidArgument('normalize', 'true or false', normalize);
  if (!isCount(batchSize) || batchSize === 0) {
    throw invalidArgument('batchSize', 'a whole number of texts from 1 on', batchSize);
  }
  return { maxLength, normalize, batchSize };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
