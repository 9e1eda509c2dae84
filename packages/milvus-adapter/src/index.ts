export type { MilvusCapabilities, MilvusServer } from './capabilities.js';
export type { CollectionField, CollectionSchema, ScalarType } from './collection-schema.js';
export type { FieldSpec } from './collection-spec.js';
export { type CollectionSummary, describeTextCollection } from './collection-summary.js';
export { connectMilvus } from './connect-milvus.js';
export { contentId } from './content-id.js';
export {
  type DocumentFields,
  EmbeddingClient,
  embedDocuments,
  type FoundEntity,
  type MilvusDocument,
  withEmbeddings,
} from './embedding-client.js';
export type { EmbeddingFunction } from './embedding-function.js';
export {
  type FailedRow,
  IngestError,
  type IngestOptions,
  type IngestProgress,
  type IngestResult,
} from './ingest.js';
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
export { type MilvusLiteStatus, milvusLiteStatus } from './lite/milvus-lite-status.js';
export { type MilvusAddress, parseAddress } from './milvus-address.js';
export type { CallOptions, MilvusChannel } from './milvus-channel.js';
export type { MilvusConnection } from './milvus-connection.js';
export { MilvusError, type MilvusErrorCode, type MilvusErrorDetails } from './milvus-error.js';
export type { MilvusOptions, TlsOptions } from './milvus-options.js';
export type { Consistency } from './read-freshness.js';
export { parseShard, type Shard, shardOf } from './shard.js';
export { type Hit, type SearchResult, type StoredRow, TextCollection } from './text-collection.js';
export type {
  CreateOptions,
  OpenOptions,
  ReadOptions,
  SearchMode,
  SearchOptions,
} from './text-collection-options.js';
export type { Key, TextLayout, TextRow } from './text-row.js';
export type { Metric, VectorType } from './vector-type.js';
