import type { EmbeddingMatrix } from '@model2vec-ts/embedding-function';
import type { EmbeddingInput } from '../requests/embedding-input.js';

/** What happens to a text of more tokens than the model's limit: which end is cut off, or an error. */
export type Truncation = 'right' | 'left' | 'refuse';

/** How to embed. */
export interface EmbedSettings {
  readonly normalize: boolean;
  /** First values of each embedding to keep. */
  readonly dimensions: number;
  readonly truncation: Truncation;
}

/** Embeddings of a request. */
export interface EmbeddingResult {
  readonly matrix: EmbeddingMatrix;
  /** Tokens of all texts, after truncation. */
  readonly tokens: number;
}

/** Texts of one request in the queue. */
export interface EmbeddingJob {
  readonly input: EmbeddingInput;
  /** Texts of the input. */
  readonly length: number;
  readonly settings: EmbedSettings;
  readonly signal: AbortSignal | undefined;
  /** When the job gives up waiting, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** Embeddings so far, of a job that is worked off in pieces. */
  matrix: EmbeddingMatrix | undefined;
  /** Texts done. */
  done: number;
  tokens: number;
  readonly resolve: (result: EmbeddingResult) => void;
  readonly reject: (error: unknown) => void;
}
