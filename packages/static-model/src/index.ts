/**
 * Finds, reads, checks and quantises Model2Vec static models.
 * @module
 */
export type { EmbeddingTable, TableArrays, TableDtype, TableShape } from './embedding-table.js';
export type { HubAccess } from './hub/hub-access.js';
export { type LoadProgress, type LoadStaticModelOptions, loadStaticModel } from './load-static-model.js';
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
export { checkModelFit, type Vocabulary } from './model-fit.js';
export {
  type IdEncoder,
  type PrunedModel,
  type PruneProgress,
  type PruneVocabularyOptions,
  pruneVocabulary,
  type VocabularyUse,
} from './prune/prune-vocabulary.js';
export type { QuantizedDtype } from './quantize.js';
export { type QuantizeModelOptions, type QuantizeProgress, quantizeModel } from './quantize-model.js';
export type { ModelCardFacts } from './save/model-card.js';
export { ModelNotSavedError } from './save/save-error.js';
export {
  type ModelFileSink,
  modelFilesOf,
  type SavedModelFiles,
  type SaveStaticModelOptions,
  saveStaticModel,
} from './save/save-static-model.js';
export type { ModelConfig, ModelFile, ModelFiles, ModelSource, StaticModel } from './static-model.js';
