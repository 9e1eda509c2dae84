/**
 * `Model2VecEmbeddingFunction`: text in, Model2Vec static embeddings out.
 * @module
 */
export {
  EmbeddingMatrix,
  type KernelChoice,
  KernelError,
  type KernelErrorCode,
  type KernelErrorOptions,
  type KernelRemedy,
  type PoolingKernel,
} from '@model2vec-ts/pooling-kernels';
export {
  type LoadProgress,
  ModelError,
  type ModelErrorCode,
  type ModelFiles,
  type ModelSource,
  type QuantizedDtype,
} from '@model2vec-ts/static-model/load';
export type { TokenBatch, Tokenizer } from '@model2vec-ts/tokenizer';
export {
  TokenizerError,
  type TokenizerErrorCode,
  type TokenizerErrorOptions,
  type TokenizerRemedy,
} from '@model2vec-ts/tokenizer/lazy';
export type { CreateOptions } from './create-options.js';
export type { EmbeddingFunction } from './embedding-function.js';
export {
  EmbeddingFunctionError,
  type EmbeddingFunctionErrorCode,
  type EmbeddingFunctionErrorOptions,
} from './embedding-function-error.js';
export type { EmbeddingFunctionRemedy } from './embedding-function-remedy.js';
export type {
  EncodeAsSequenceOptions,
  EncodeOptions,
  EncodeProgress,
  EncodeSyncOptions,
  EncodeTokensOptions,
  TokenizeOptions,
} from './encode-options.js';
export type { ModelFacts } from './model-facts.js';
export { Model2VecEmbeddingFunction } from './model2vec-embedding-function.js';
export type { TextStream } from './text-stream.js';
export type { ThreadLimit } from './threads/thread-limit.js';
