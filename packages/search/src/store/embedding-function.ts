/**
 * The part of an embedder that a store needs. `Model2VecEmbeddingFunction` of `@model2vec-ts/embedding-function`
 * implements it, and other embedders can.
 *
 * @example
 * ```ts
 * import type { EmbeddingFunction } from '@model2vec-ts/search';
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
  /** Values per embedding. */
  readonly dim: number;
  /** Equal for two embedders only if they give the same vectors. */
  readonly fingerprint: string;
  /**
   * One embedding of `dim` values per document, in order. With `out`, which has room for all of them, an embedder may
   * write them there and return views of it.
   */
  encodeDocuments(
    documents: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly out?: Float32Array },
  ): Promise<Float32Array[]>;
  /** One embedding of `dim` values per query, in order. */
  encodeQueries(
    queries: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Float32Array[]>;
}
