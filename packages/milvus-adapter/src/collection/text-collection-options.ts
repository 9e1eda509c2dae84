import type {
  EmbeddingFunction,
  ReadOptions as StoreReadOptions,
  SearchOptions as StoreSearchOptions,
} from '@model2vec-ts/search';
import type { Metric, VectorType } from '../wire/vector-type.js';
import type { FieldSpec } from './collection-spec.js';
import type { Consistency } from './read-freshness.js';

/** Options for opening a collection. */
export interface OpenCollectionOptions {
  readonly name: string;
  /** Turns texts into vectors. Its fingerprint is stored with the collection. */
  readonly embedder: EmbeddingFunction;
  /**
   * Default of {@link ReadOptions.consistency} and {@link SearchOptions.consistency}.
   *
   * @defaultValue 'session'
   */
  readonly consistency?: Consistency;
  /**
   * Opens the collection although another model filled it or another program made it.
   *
   * @defaultValue false
   */
  readonly force?: boolean;
  /** Field of the texts, for a collection of another program. */
  readonly textField?: string;
  /** Field of the vectors, for a collection of another program. */
  readonly vectorField?: string;
}

/** Options for creating a collection. */
export interface CreateCollectionOptions extends OpenCollectionOptions {
  /**
   * The key. If it is a `varchar`, rows without an id get one derived from their text.
   *
   * @defaultValue `'derived'`: a varchar field `id` of at most 512 bytes
   */
  readonly key?:
    | 'derived'
    | { readonly field: string; readonly type: 'varchar' | 'int64'; readonly maxLength?: number };
  /**
   * Field of the texts.
   *
   * @defaultValue 'text'
   */
  readonly textField?: string;
  /**
   * Size limit of a text in bytes of UTF-8.
   *
   * @defaultValue 65 535, which is Milvus' limit
   */
  readonly maxTextLength?: number;
  /**
   * Field of the vectors.
   *
   * @defaultValue 'vector'
   */
  readonly vectorField?: string;
  /**
   * Storage type of the vectors.
   *
   * @defaultValue 'float32'
   */
  readonly vectorType?: VectorType;
  /**
   * Distance between vectors.
   *
   * @defaultValue 'COSINE', and 'HAMMING' for binary vectors
   */
  readonly metric?: Metric;
  /**
   * Index of the vectors: a type that the server supports, such as `HNSW`, and its parameters.
   *
   * @defaultValue `AUTOINDEX`, and `BIN_FLAT` for binary vectors
   */
  readonly index?: { readonly type: string; readonly params?: Readonly<Record<string, unknown>> };
  /**
   * Declared fields other than key, text and vector.
   *
   * @defaultValue none
   */
  readonly fields?: readonly FieldSpec[];
  /**
   * Whether rows may have undeclared fields, which the server stores as JSON.
   *
   * @defaultValue true
   */
  readonly dynamic?: boolean;
  /**
   * Full-text search (BM25) in addition to vectors: `'auto'` enables it if the server supports it, `true` requires it,
   * `false` disables it. An object requires it and holds the settings of Milvus' analyzer, which splits texts into words.
   *
   * @defaultValue 'auto'
   */
  readonly fullText?: 'auto' | boolean | { readonly analyzer: Readonly<Record<string, unknown>> };
  /**
   * A description of the collection; Milvus Lite does not store it.
   *
   * @defaultValue ''
   */
  readonly description?: string;
}

/** Options of a search. */
export interface SearchOptions extends StoreSearchOptions {
  /** Parameters of the vector index, such as `{ ef: 128 }` for HNSW. */
  readonly indexParams?: Readonly<Record<string, unknown>>;
  /**
   * How fresh the read must be.
   *
   * @defaultValue that of the collection
   */
  readonly consistency?: Consistency;
}

/** Options for reading rows. */
export interface ReadOptions extends StoreReadOptions {
  /**
   * How fresh the read must be.
   *
   * @defaultValue that of the collection
   */
  readonly consistency?: Consistency;
}
