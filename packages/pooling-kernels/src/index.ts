/**
 * Kernels that pool token rows into text embeddings.
 * @module
 */
export { EmbeddingMatrix } from './embedding-matrix.js';
export type { KernelCapabilities, LoadedKernel, PoolingKernel, PoolOptions } from './pooling-kernel.js';
