import type { EmbeddingFunction } from '../../src/index.js';

/** Dimensions of the vectors. */
export const DIM: number;
/** An embedder that costs next to nothing, for programs without a build. */
export const GENERATED: EmbeddingFunction;
