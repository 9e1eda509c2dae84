/**
 * Loads static models, without what saves, quantises and prunes them: a program that only embeds starts sooner.
 * @module
 */
export { type LoadStaticModelOptions, loadStaticModel } from './load-static-model.js';
export {
  CorruptDownloadError,
  MalformedModelError,
  ModelCacheError,
  ModelError,
  type ModelErrorCode,
  ModelMismatchError,
  ModelNotFoundError,
  ModelRefusedError,
  ModelUnreachableError,
  UnsupportedModelError,
} from './model-error.js';
export type { LoadProgress } from './source/load-progress.js';
export type { ModelConfig, ModelFile, ModelFiles, ModelSource, StaticModel } from './static-model.js';
export type { QuantizedDtype } from './table/quantize.js';
