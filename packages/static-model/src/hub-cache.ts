/**
 * The cache of Hub models, shared with Python's huggingface_hub. Node only.
 * @module
 */
export type { HubAccess } from './hub/hub-access.js';
export {
  type CachedRevision,
  type CachedRevisionOptions,
  type CacheOptions,
  type FileCheck,
  findCachedRevision,
  listCachedModels,
  prepareRemoval,
  type Removal,
  verifyCachedModel,
} from './hub/node/cached-models.js';
export type { CachedSnapshot } from './hub/node/cached-snapshot.js';
export { hubCacheFolder } from './hub/node/environment.js';
export { type PullFilesOptions, type PullOptions, pullFiles, pullModel } from './hub/node/pull-model.js';
export type { LoadProgress } from './source/load-progress.js';
