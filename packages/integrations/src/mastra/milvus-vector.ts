/**
 * A vector store of Mastra over Milvus and Milvus Lite.
 * @module
 */
import { type IndexStats, MastraVector, type QueryResult } from '@mastra/core/vector';
import {
  connectMilvus,
  describeTextCollection,
  type EmbeddingFunction,
  type MilvusConnection,
  type MilvusOptions,
  TextCollection,
} from '@model2vec-ts/milvus-adapter';
import { type MetadataFilter, milvusFilter } from './metadata-filter.js';

/** Options of {@link MilvusVector}. */
export interface MilvusVectorOptions extends MilvusOptions {
  /** Name of the store in Mastra. */
  readonly id: string;
}

/** Rows that an operation applies to, by id or by filter. */
type RowChoice =
  | { readonly id: string; readonly filter?: undefined }
  | { readonly id?: undefined; readonly filter: MetadataFilter };

/** A row as read back. */
interface MetadataRow {
  readonly id: string;
  readonly metadata: Record<string, unknown>;
  readonly vector: Float32Array | undefined;
}

const METADATA = 'metadata';
const VECTOR = 'vector';
/** Stored with a collection, because its vectors come from the caller and not from an embedder of this project. */
const FINGERPRINT = 'mastra';
const DEFAULT_TOP_K = 10;

const METRICS = { cosine: 'COSINE', euclidean: 'L2', dotproduct: 'IP' } as const;

/**
 * Stores Mastra's vectors and metadata in Milvus: a folder for Milvus Lite, or the address of a server.
 *
 * Each index is a collection with a JSON column `metadata` and a column `text`, which holds `metadata.text`.
 *
 * @example
 * ```ts
 * import { MilvusVector } from '@model2vec-ts/integrations/mastra';
 *
 * const store = new MilvusVector({ id: 'milvus', address: 'http://localhost:19530' });
 * await store.createIndex({ indexName: 'docs', dimension: 256 });
 * ```
 */
export class MilvusVector extends MastraVector {
  readonly #options: MilvusOptions;
  #connection: Promise<MilvusConnection> | undefined;

  constructor({ id, ...options }: MilvusVectorOptions) {
    super({ id });
    this.#options = options;
  }

  /** Creates a collection; an existing one must have the same dimension and metric. */
  async createIndex(params: {
    readonly indexName: string;
    readonly dimension: number;
    readonly metric?: keyof typeof METRICS;
  }): Promise<void> {
    const { indexName, dimension, metric = 'cosine' } = params;
    const connection = await this.#connect();
    if (await connection.hasCollection(indexName)) {
      await this.validateExistingIndex(indexName, dimension, metric);
      return;
    }
    await TextCollection.create(connection, {
      name: indexName,
      embedder: vectorsOnly(dimension),
      metric: METRICS[metric],
      fields: [{ name: METADATA, type: 'json' }],
      fullText: false,
    });
  }

  /** Stores vectors and returns their ids; vectors without an id get a random one. */
  async upsert(params: {
    readonly indexName: string;
    readonly vectors: readonly number[][];
    readonly metadata?: readonly Record<string, unknown>[];
    readonly ids?: readonly string[];
    readonly deleteFilter?: MetadataFilter;
  }): Promise<string[]> {
    const { indexName, vectors, metadata = [], deleteFilter } = params;
    const ids = vectors.map((_, i) => params.ids?.[i] ?? crypto.randomUUID());
    const collection = await this.#open(indexName);
    if (deleteFilter !== undefined) await collection.delete({ filter: milvusFilter(deleteFilter, METADATA) });
    await store(
      collection,
      vectors.map((vector, i) => ({
        id: ids[i]!,
        metadata: metadata[i] ?? {},
        vector: Float32Array.from(vector),
      })),
    );
    return ids;
  }

  /** Returns the nearest rows, best first; without a vector, rows that match the filter. */
  async query(params: {
    readonly indexName: string;
    readonly queryVector?: readonly number[];
    readonly topK?: number;
    readonly filter?: MetadataFilter;
    readonly includeVector?: boolean;
  }): Promise<QueryResult[]> {
    const { indexName, queryVector, topK = DEFAULT_TOP_K, includeVector = false } = params;
    const collection = await this.#open(indexName);
    const filter = filterOption(params.filter);
    const fields = includeVector ? [METADATA, VECTOR] : [METADATA];
    if (queryVector === undefined) {
      const results: QueryResult[] = [];
      for await (const row of collection.rows({ ...filter, fields })) {
        if (results.length === topK) break;
        results.push(queryResult(rowOf(row), 0));
      }
      return results;
    }
    const query = Float32Array.from(queryVector);
    const { hits } = await collection.search(query, { ...filter, fields, limit: topK, mode: 'dense' });
    // Mastra ranks by similarity, while L2 is a distance.
    const score = (value: number): number =>
      collection.metric === METRICS.euclidean ? 1 / (1 + value) : value;
    return hits.map((hit) => queryResult(rowOf(hit), score(hit.score)));
  }

  /** Names of all collections. */
  async listIndexes(): Promise<string[]> {
    return [...(await (await this.#connect()).listCollections())];
  }

  async describeIndex({ indexName }: { readonly indexName: string }): Promise<IndexStats> {
    const { dim, rows, metric } = await describeTextCollection(await this.#connect(), indexName);
    const name = Object.entries(METRICS).find(([, milvus]) => milvus === metric)?.[0];
    return {
      dimension: dim ?? 0,
      count: rows,
      ...(name !== undefined && { metric: name as keyof typeof METRICS }),
    };
  }

  async deleteIndex({ indexName }: { readonly indexName: string }): Promise<void> {
    await (await this.#open(indexName)).drop();
  }

  /** Replaces the vector and merges the metadata of one row, or of all rows that match a filter. */
  async updateVector(
    params: {
      readonly indexName: string;
      readonly update: { readonly vector?: readonly number[]; readonly metadata?: Record<string, unknown> };
    } & RowChoice,
  ): Promise<void> {
    const { indexName, update } = params;
    if (update.vector === undefined && update.metadata === undefined) {
      throw new TypeError('update must have a vector or metadata');
    }
    const collection = await this.#open(indexName);
    const rows: MetadataRow[] = [];
    const fields = [METADATA, VECTOR];
    if (params.id !== undefined) {
      const row = await collection.get(params.id, { fields });
      if (row !== undefined) rows.push(rowOf(row));
    } else {
      for await (const row of collection.rows({ ...filterOption(params.filter), fields }))
        rows.push(rowOf(row));
    }
    const vector = update.vector === undefined ? undefined : Float32Array.from(update.vector);
    await store(
      collection,
      rows.map((row) => ({
        id: row.id,
        metadata: { ...row.metadata, ...update.metadata },
        vector: vector ?? row.vector,
      })),
    );
  }

  async deleteVector({ indexName, id }: { readonly indexName: string; readonly id: string }): Promise<void> {
    await (await this.#open(indexName)).delete(id);
  }

  /** Deletes rows by ids or by a filter. */
  async deleteVectors(params: {
    readonly indexName: string;
    readonly ids?: readonly string[];
    readonly filter?: MetadataFilter;
  }): Promise<void> {
    const { indexName, ids, filter } = params;
    if ((ids === undefined) === (filter === undefined)) throw new TypeError('pass either ids or a filter');
    if (ids?.length === 0) return;
    // An empty filter would delete everything, which is usually a mistake.
    if (filter !== undefined && Object.keys(filter).length === 0)
      throw new TypeError('the filter must not be empty');
    const collection = await this.#open(indexName);
    await collection.delete(ids ?? { filter: milvusFilter(filter ?? {}, METADATA) });
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    const connection = await this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  #connect(): Promise<MilvusConnection> {
    if (this.#connection === undefined) {
      this.#connection = connectMilvus(this.#options);
      // The next call tries again.
      this.#connection.catch(() => {
        this.#connection = undefined;
      });
    }
    return this.#connection;
  }

  async #open(name: string): Promise<TextCollection> {
    const connection = await this.#connect();
    const { dim = 0 } = await describeTextCollection(connection, name);
    return TextCollection.open(connection, { name, embedder: vectorsOnly(dim) });
  }
}

/**
 * Stands for an embedder, because every row and query has its own vector. The adapter embeds texts only to identify an
 * embedder, so a constant vector is enough.
 */
function vectorsOnly(dim: number): EmbeddingFunction {
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> =>
    texts.map(() => Float32Array.from({ length: dim }, (_, i) => (i === 0 ? 1 : 0)));
  return { dim, fingerprint: FINGERPRINT, encodeDocuments: embed, encodeQueries: embed };
}

async function store(collection: TextCollection, rows: readonly MetadataRow[]): Promise<void> {
  const { failed } = await collection.upsert(
    rows.map(({ id, metadata, vector }) => ({
      id,
      text: typeof metadata.text === 'string' ? metadata.text : '',
      metadata,
      ...(vector !== undefined && { vector }),
    })),
  );
  const [first] = failed;
  if (first !== undefined) {
    throw new Error(
      `${failed.length} of ${rows.length} vectors were not stored; row ${first.index}: ${first.reason}`,
    );
  }
}

function filterOption(filter: MetadataFilter | undefined): { readonly filter?: string } {
  return filter === undefined || Object.keys(filter).length === 0
    ? {}
    : { filter: milvusFilter(filter, METADATA) };
}

function rowOf({
  id,
  fields,
}: {
  readonly id: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}): MetadataRow {
  const vector = fields[VECTOR];
  return {
    id: String(id),
    metadata: (fields[METADATA] ?? {}) as Record<string, unknown>,
    vector: ArrayBuffer.isView(vector) ? (vector as Float32Array) : undefined,
  };
}

function queryResult({ id, metadata, vector }: MetadataRow, score: number): QueryResult {
  return { id, score, metadata, ...(vector !== undefined && { vector: Array.from(vector) }) };
}
