import type { EmbeddingMatrix } from '@model2vec-ts/embedding-function';
import type { EmbeddingInput } from '../requests/embedding-input.js';

/** Treatment of a text that exceeds the model's token limit: cut off at an end, or refused. */
export type Truncation = 'right' | 'left' | 'refuse';

/** How to embed. */
export interface EmbedSettings {
  readonly normalize: boolean;
  /** Number of leading values of each embedding to keep. */
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
  /** Number of texts in the input. */
  readonly length: number;
  readonly settings: EmbedSettings;
  /** Whose client may leave. */
  readonly request: Pick<Request, 'signal'> | undefined;
  /** When the job arrived, on the clock of `performance.now()`. */
  readonly arrival: number;
  /** Embeddings so far, for a job that is processed in pieces. */
  matrix: EmbeddingMatrix | undefined;
  /** Finished texts. */
  done: number;
  tokens: number;
  readonly resolve: (result: EmbeddingResult) => void;
  readonly reject: (error: unknown) => void;
}
