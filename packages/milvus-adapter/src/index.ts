export type {
  EmbeddingFunction,
  FilterOptions,
  FilterParameters,
  Hit,
  IngestProgress,
  Key,
  SearchMode,
  SearchResult,
  StoredRow,
  TextRow,
  TextStore,
} from '@model2vec-ts/search';
export type { CollectionField, CollectionSchema, ScalarType } from './collection/collection-schema.js';
export type { FieldSpec } from './collection/collection-spec.js';
export { type CollectionSummary, describeTextCollection } from './collection/collection-summary.js';
export type { Consistency } from './collection/read-freshness.js';
export { TextCollection } from './collection/text-collection.js';
export type {
  CreateCollectionOptions,
  OpenCollectionOptions,
  ReadOptions,
  SearchOptions,
} from './collection/text-collection-options.js';
export type { MilvusCapabilities, MilvusServer } from './connection/capabilities.js';
export { connectMilvus } from './connection/connect-milvus.js';
export { type MilvusAddress, parseAddress } from './connection/milvus-address.js';
export type { MilvusConnection } from './connection/milvus-connection.js';
export type { MilvusOptions, TlsOptions } from './connection/milvus-options.js';
export {
  type DocumentFields,
  type EmbeddingClient,
  type FoundEntity,
  type MilvusDocument,
  withEmbeddings,
} from './embedding-client.js';
export { contentId } from './ingest/content-id.js';
export {
  type FailedRow,
  IngestError,
  type IngestOptions,
  type IngestResult,
} from './ingest/ingest.js';
export { parseShard, type Shard, shardOf } from './ingest/shard.js';
export type { TextLayout } from './ingest/text-row.js';
export {
  type MilvusLiteOptions,
  type MilvusLiteServer,
  startMilvusLite,
  stopMilvusLite,
} from './lite/milvus-lite.js';
export {
  type MilvusLiteSetup,
  type MilvusLiteSetupOptions,
  setupMilvusLite,
} from './lite/milvus-lite-setup.js';
export {
  type MilvusLiteStatus,
  milvusLiteStatus,
  type RunningMilvusLite,
} from './lite/milvus-lite-status.js';
export type { FoundPython, LiteEnvironment } from './lite/python.js';
export { MilvusError, type MilvusErrorCode, type MilvusErrorDetails } from './milvus-error.js';
export type { MilvusRemedy } from './remedy.js';
export type { Metric, VectorType } from './wire/vector-type.js';
