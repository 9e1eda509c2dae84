import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';

/** Writes embeddings in one format. */
export interface EmbeddingWriter {
  /** Writes the next texts and their embeddings, one row per text. */
  write(texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void>;
  /** Writes the end of the format; no call may follow. */
  finish(): Promise<void>;
}
