/**
 * Loads static models without the code that saves, quantises and prunes them, so that programs that only embed start
 * sooner.
 * @module
 */
export type { HubAccess } from './hub/hub-access.js';
export { type LoadStaticModelOptions, loadStaticModel } from './load-static-model.js';
export {
  MalformedModelError,
  ModelError,
  type ModelErrorCode,
  type ModelErrorOptions,
  ModelMismatchError,
  ModelNotFoundError,
  UnsupportedModelError,
} from './model-error.js';
export type { FolderObstacle, ModelRemedy, OfflineSetting, TokenState } from './remedy.js';
export {
  CorruptDownloadError,
  ModelCacheError,
  ModelRefusedError,
  ModelUnreachableError,
} from './server-error.js';
export type { KeptTables } from './source/kept-tables.js';
export type { LoadProgress } from './source/load-progress.js';
export type {
  ModelConfig,
  ModelFile,
  ModelFiles,
  ModelSource,
  RangedFile,
  StaticModel,
} from './static-model.js';
export type {
  EmbeddingTable,
  TableArrays,
  TableDtype,
  TableElements,
  TableFile,
  TableOf,
  TableRanges,
  TableShape,
} from './table/embedding-table.js';
export type { Vocabulary } from './table/model-fit.js';
export type { QuantizedDtype } from './table/quantize.js';
