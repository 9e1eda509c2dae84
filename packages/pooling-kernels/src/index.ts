/**
 * Kernels that pool token rows into text embeddings.
 * @module
 */
export type { EmbeddingTable, TableDtype } from '@model2vec-ts/static-model';
export type { TokenBatch, TokenSink } from '@model2vec-ts/tokenizer';
export { EmbeddingMatrix } from './embedding-matrix.js';
export { KernelError, type KernelErrorCode, type KernelErrorOptions, TokenIdError } from './kernel-error.js';
export { checkBatch, checkTable } from './kernel-input.js';
export {
  type KernelChoice,
  type KernelName,
  namedKernels,
  type RegisteredKernels,
  registerKernel,
  selectKernel,
  type TableNeeds,
} from './kernel-registry.js';
export type { KernelRemedy } from './kernel-remedy.js';
export { loadSharedTable } from './load-shared-table.js';
export { normalizeRows } from './normalize-rows.js';
export type {
  AllocateOptions,
  KernelCapabilities,
  LoadedKernel,
  LoadOptions,
  PoolingKernel,
  PoolOptions,
  TableShape,
} from './pooling-kernel.js';
export { shareableTable } from './shareable-table.js';
export type { SharedTable } from './shared-table.js';
