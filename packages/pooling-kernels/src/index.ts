/**
 * Kernels that pool token rows into text embeddings.
 * @module
 */
export { EmbeddingMatrix } from './embedding-matrix.js';
export { KernelError, type KernelErrorCode, TokenIdError } from './kernel-error.js';
export { checkBatch, checkTable } from './kernel-input.js';
export {
  type KernelChoice,
  type KernelName,
  namedKernels,
  selectKernel,
  type TableNeeds,
} from './kernel-registry.js';
export type {
  KernelCapabilities,
  LoadedKernel,
  LoadOptions,
  PoolingKernel,
  PoolOptions,
  TableShape,
} from './pooling-kernel.js';
export { loadSharedTable, type SharedTable } from './shared-table.js';
