/**
 * An embedding model of the AI SDK.
 * @module
 */
import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';

/**
 * Versions of the AI SDK's interface: AI SDK 5 accepts v2; 6 accepts v2 and v3; 7 accepts v2, v3 and v4. Mastra accepts
 * v2 and v3.
 */
export type SpecificationVersion = 'v2' | 'v3' | 'v4';

/** What the AI SDK passes to a model. */
export interface EmbedCall {
  readonly values: readonly string[];
  readonly abortSignal?: AbortSignal | undefined;
}

/** Embeddings and their token count. */
export interface EmbedReply {
  readonly embeddings: number[][];
  readonly usage: { readonly tokens: number };
  readonly warnings: [];
}

/** The shape of `EmbeddingModelV2`, `V3` or `V4` of `@ai-sdk/provider`, so that the AI SDK need not be installed. */
export interface Model2VecModel<Version extends SpecificationVersion> {
  readonly specificationVersion: Version;
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number;
  readonly supportsParallelCalls: boolean;
  doEmbed(call: EmbedCall): Promise<EmbedReply>;
}

/** Options of {@link embeddingModel}. */
export interface EmbeddingModelOptions<Version extends SpecificationVersion> {
  /** @defaultValue `v3`, which AI SDK 6 and 7 and Mastra accept */
  readonly specificationVersion?: Version;
  /** @defaultValue `model2vec` */
  readonly modelId?: string;
}

/**
 * Creates an embedding model for `embed` and `embedMany` of the AI SDK, and for Mastra.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { embeddingModel } from '@model2vec-ts/integrations/ai-sdk';
 *
 * const embedder = await Model2VecEmbeddingFunction.create();
 * const model = embeddingModel(embedder);
 * // await embedMany({ model, values: ['one text', 'another'] });
 * console.log((await model.doEmbed({ values: ['one text'] })).usage);
 * ```
 */
export function embeddingModel<Version extends SpecificationVersion = 'v3'>(
  embedder: Model2VecEmbeddingFunction,
  options: EmbeddingModelOptions<Version> = {},
): Model2VecModel<Version> {
  const { specificationVersion = 'v3' as Version, modelId = 'model2vec' } = options;
  return {
    specificationVersion,
    provider: 'model2vec-ts',
    modelId,
    // Splitting a call's texts into parallel calls would not be faster.
    maxEmbeddingsPerCall: Number.POSITIVE_INFINITY,
    supportsParallelCalls: false,
    doEmbed: async ({ values, abortSignal }) => {
      abortSignal?.throwIfAborted();
      const tokens = embedder.tokenize(values);
      const matrix = await embedder.encodeTokens(tokens);
      abortSignal?.throwIfAborted();
      const embeddings = Array.from(matrix, (row) => Array.from(row));
      return { embeddings, usage: { tokens: tokens.ids.length }, warnings: [] };
    },
  };
}
