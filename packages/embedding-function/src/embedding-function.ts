/**
 * The interface that a vector store needs from an embedder. `Model2VecEmbeddingFunction` implements it, and others can.
 *
 * @example
 * ```ts
 * import type { EmbeddingFunction } from '@model2vec-ts/embedding-function';
 *
 * const constant: EmbeddingFunction = {
 *   dim: 2,
 *   fingerprint: 'constant',
 *   encodeDocuments: async (texts) => texts.map(() => Float32Array.of(0.6, 0.8)),
 *   encodeQueries: async (texts) => texts.map(() => Float32Array.of(0.6, 0.8)),
 * };
 * ```
 */
export interface EmbeddingFunction {
  /** Values of one embedding. */
  readonly dim: number;
  /** Equal for two embedders only if their vectors are the same. Store it with the vectors. */
  readonly fingerprint: string;
  /**
   * Returns one embedding of `dim` values per document, in order. With `out`, which has room for all of them, an embedder
   * may write them there and return views of it.
   */
  encodeDocuments(
    documents: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly out?: Float32Array },
  ): Promise<Float32Array[]>;
  /** Returns one embedding of `dim` values per query, in order. */
  encodeQueries(
    queries: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Float32Array[]>;
}
