import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';

/** Turns embeddings into the bytes of one format. */
export interface EmbeddingWriter {
  /** Writes the next texts and their embeddings, a row a text. */
  write(texts: readonly string[], embeddings: EmbeddingMatrix): Promise<void>;
  /** Writes what stands at the end; no call may follow. */
  finish(): Promise<void>;
}
