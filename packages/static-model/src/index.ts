/**
 * Finds, reads, checks and quantises Model2Vec static models.
 * @module
 */

export type { QuantizeProgress } from './k-means/k-means.js';
export * from './load.js';
export {
  type IdEncoder,
  type PrunedModel,
  type PruneProgress,
  type PruneVocabularyOptions,
  pruneVocabulary,
  type VocabularyUse,
} from './prune/prune-vocabulary.js';
export { type QuantizeModelOptions, quantizeModel } from './quantize-model.js';
export type { ModelCardFacts } from './save/model-card.js';
export { ModelNotSavedError } from './save/save-error.js';
export {
  type ModelFileSink,
  modelFilesOf,
  type SavedModelFiles,
  type SaveStaticModelOptions,
  saveStaticModel,
} from './save/save-static-model.js';
export { checkModelFit } from './table/model-fit.js';
