export { compileFilter, type RowTest } from './filter/compile-filter.js';
export type { FieldReader } from './filter/filter-operations.js';
export { type ClusterOptions, type Clusters, clusters, representatives } from './matrix/clusters.js';
export {
  type Deduplication,
  type Duplicate,
  duplicateRows,
  semanticDeduplicate,
} from './matrix/duplicates.js';
export { type NearestRows, nearest } from './matrix/nearest.js';
export { similarity } from './matrix/similarity.js';
export type { VectorMatrix } from './matrix/vector-matrix.js';
export { SearchError, type SearchErrorCode } from './search-error.js';
export type { EmbeddingFunction } from './store/embedding-function.js';
export type { Hit, Key, SearchMode, SearchResult, StoredRow, TextRow } from './store/text-row.js';
export type {
  FailedRow,
  FilterOptions,
  FilterParameters,
  IngestOptions,
  IngestProgress,
  IngestResult,
  ReadOptions,
  SearchOptions,
  TextStore,
} from './store/text-store.js';
export type { ByteRanges, IndexSource } from './text-index/index-format.js';
export {
  type FoundText,
  searchTexts,
  type TextSearchOptions,
  type TextSearchResult,
} from './text-index/search-texts.js';
export { TextIndex } from './text-index/text-index.js';
export type { LoadOptions, TextIndexOptions } from './text-index/text-index-options.js';
export type { Metric, VectorType } from './vectors/vector-type.js';
export { type WordBreaker, wordsOf } from './words/word-breaking.js';
