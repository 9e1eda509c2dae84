import type { MilvusClient, RowData } from '@zilliz/milvus2-sdk-node';
import { type CollectionField, type CollectionSchema, parseSchema } from './collection/collection-schema.js';
import { describeCollection, describeIndexes } from './collection/collection-setup.js';
import { serverFromVersion } from './connection/capabilities.js';
import { MilvusChannel } from './connection/milvus-channel.js';
import { grpcError } from './connection/server-status.js';
import type { EmbeddingFunction } from './embedding-function.js';
import type { Key } from './ingest/text-row.js';
import { invalidArgument, MilvusError } from './milvus-error.js';
import { DYNAMIC_FIELD } from './wire/field-data.js';
import { jsonText, valueProblem, vectorProblem } from './wire/field-value.js';
import { type DecodedField, rowReader, wholeNumber } from './wire/field-values.js';
import { packMutation, sentFields } from './wire/mutation-request.js';
import { searchRequest } from './wire/search-request.js';
import type { VectorType } from './wire/vector-type.js';

/** Which fields of a document hold its text and its vector. */
export interface DocumentFields {
  /** @defaultValue 'text' */
  readonly textField?: string;
  /** @defaultValue 'vector' */
  readonly vectorField?: string;
}

/** A document: fields of a collection by their names. */
export type MilvusDocument = Readonly<Record<string, unknown>>;

/**
 * Documents with their texts' vectors, as rows for the SDK's own `insert` and `upsert`: plain arrays of numbers, since
 * the SDK takes typed arrays in some collections and throws or garbles them in others. Documents that have a vector
 * keep it.
 *
 * @example
 * ```ts
 * import { embedDocuments, type EmbeddingFunction, type MilvusConnection } from '@model2vec-ts/milvus-adapter';
 *
 * async function store({ client }: MilvusConnection, embedder: EmbeddingFunction): Promise<void> {
 *   const data = await embedDocuments(embedder, [{ id: 1, text: 'Bread needs yeast.', subject: 'baking' }]);
 *   await client.insert({ collection_name: 'notes', data });
 * }
 * ```
 */
export async function embedDocuments(
  embedder: EmbeddingFunction,
  documents: readonly MilvusDocument[],
  fields: DocumentFields = {},
): Promise<RowData[]> {
  const { vectorField = 'vector' } = fields;
  const vectors = await documentVectors(embedder, documents, fields);
  // What the SDK makes of the other fields is between it and the caller.
  return documents.map((document, i) => ({ ...document, [vectorField]: Array.from(vectors[i]!) }) as RowData);
}

async function documentVectors(
  embedder: EmbeddingFunction,
  documents: readonly MilvusDocument[],
  { textField = 'text', vectorField = 'vector' }: DocumentFields,
): Promise<Float32Array[]> {
  const missing = documents.filter((document) => document[vectorField] === undefined);
  const texts = missing.map((document, i) => {
    const text = document[textField];
    if (typeof text !== 'string')
      throw invalidArgument(`field ${textField} of document ${i}`, 'a string', text);
    return text;
  });
  const made = texts.length === 0 ? [] : await embedder.encodeDocuments(texts);
  let next = 0;
  return documents.map((document, i) => {
    const found = document[vectorField] ?? made[next++];
    const vector = Array.isArray(found) ? Float32Array.from(found as number[]) : found;
    const problem = vectorProblem(`${vectorField} of document ${i}`, embedder.dim, vector);
    if (problem !== undefined) throw new MilvusError('invalid-argument', problem);
    return vector as Float32Array;
  });
}

/** A row that {@link EmbeddingClient.search} found, in the form of pymilvus. */
export interface FoundEntity {
  readonly id: Key;
  readonly distance: number;
  readonly entity: Readonly<Record<string, unknown>>;
}

/**
 * Milvus' documented steps with texts in place of vectors, over a client of one's own: `encodeDocuments`,
 * `encodeQueries` and `dim` as pymilvus' `Model2VecEmbeddingFunction` has them, and `insert`, `upsert` and `search` that
 * embed. Rows travel as {@link TextCollection}'s do, without the SDK's detours.
 */
export class EmbeddingClient {
  readonly client: MilvusClient;
  readonly embedder: EmbeddingFunction;
  readonly #fields: DocumentFields;
  readonly #schemas = new Map<string, Promise<CollectionSchema>>();
  #channel: Promise<MilvusChannel> | undefined;

  constructor(client: MilvusClient, embedder: EmbeddingFunction, fields: DocumentFields = {}) {
    this.client = client;
    this.embedder = embedder;
    this.#fields = fields;
    // Nobody else waits for it, and a rejection that nobody waits for ends the process.
    client.connectPromise.catch(() => {});
  }

  /** Values of a vector. */
  get dim(): number {
    return this.embedder.dim;
  }

  /** A vector for each document. */
  encodeDocuments(documents: readonly string[]): Promise<Float32Array[]> {
    return this.embedder.encodeDocuments(documents);
  }

  /** A vector for each query. */
  encodeQueries(queries: readonly string[]): Promise<Float32Array[]> {
    return this.embedder.encodeQueries(queries);
  }

  /** Embeds documents and stores them as new rows; all of them or, if one does not fit, none. */
  async insert(request: {
    readonly collection_name: string;
    readonly data: readonly MilvusDocument[];
  }): Promise<{ readonly insertCount: number; readonly ids: readonly Key[] }> {
    const { ids, count } = await this.#store('Insert', request.collection_name, request.data);
    return { insertCount: count, ids };
  }

  /** Embeds documents and stores them, replacing rows of the same keys; all of them or, if one does not fit, none. */
  async upsert(request: {
    readonly collection_name: string;
    readonly data: readonly MilvusDocument[];
  }): Promise<{ readonly upsertCount: number; readonly ids: readonly Key[] }> {
    const { ids, count } = await this.#store('Upsert', request.collection_name, request.data);
    return { upsertCount: count, ids };
  }

  /** Rows nearest to texts or vectors: a list for each. */
  async search(request: {
    readonly collection_name: string;
    readonly data: string | Float32Array | readonly (string | Float32Array)[];
    readonly limit?: number;
    readonly offset?: number;
    readonly filter?: string;
    readonly output_fields?: readonly string[];
    readonly search_params?: Readonly<Record<string, unknown>>;
  }): Promise<FoundEntity[][]> {
    const { collection_name: collection, data, output_fields: wanted = [], limit = 10, offset = 0 } = request;
    const queries = (Array.isArray(data) ? data : [data]) as readonly (string | Float32Array)[];
    const { field } = await this.#vectorField(collection);
    const channel = await this.#connected();
    const metric = (await describeIndexes(channel, collection)).get(field.name);
    if (metric === undefined) {
      throw new MilvusError(
        'not-found',
        `field ${field.name} of collection ${collection} has no index to search`,
      );
    }
    const reply = await channel.call<{
      results: {
        topks: readonly string[];
        scores: readonly number[];
        fields_data: readonly DecodedField[];
        ids: { int_id?: { data: readonly string[] } | null; str_id?: { data: readonly string[] } | null };
      };
    }>(
      'Search',
      searchRequest(
        {
          collection,
          field: field.name,
          metric,
          input: {
            kind: 'vectors',
            type: field.type as VectorType,
            dim: this.dim,
            vectors: await this.#queryVectors(queries),
          },
          limit,
          offset,
          filter: request.filter,
          outputFields: wanted,
          params: request.search_params ?? {},
        },
        { consistency_level: 0, use_default_consistency: false, guarantee_timestamp: '0' },
      ),
      { what: `searching ${collection}`, retryFor: 10_000 },
    );
    const { topks, scores, fields_data, ids } = reply.results;
    const keys = ids.str_id?.data ?? (ids.int_id?.data ?? []).map((id) => wholeNumber(id)!);
    const isWanted = new Set(wanted);
    const read = rowReader(fields_data, (name) => isWanted.has(name) || isWanted.has('*'));
    let at = 0;
    return topks.map((count) => {
      const end = at + Number(count);
      const found: FoundEntity[] = [];
      for (; at < end; at++) found.push({ id: keys[at]!, distance: scores[at]!, entity: read(at) });
      return found;
    });
  }

  async #queryVectors(queries: readonly (string | Float32Array)[]): Promise<Float32Array[]> {
    const texts = queries.filter((query) => typeof query === 'string');
    const made = texts.length === 0 ? [] : await this.embedder.encodeQueries(texts);
    let next = 0;
    return queries.map((query) => {
      const vector = typeof query === 'string' ? made[next++] : query;
      const problem = vectorProblem('a query', this.dim, vector);
      if (problem !== undefined) throw new MilvusError('invalid-argument', problem);
      return vector!;
    });
  }

  async #store(
    method: 'Insert' | 'Upsert',
    collection: string,
    documents: readonly MilvusDocument[],
  ): Promise<{ ids: Key[]; count: number }> {
    if (!Array.isArray(documents)) throw invalidArgument('data', 'an array of documents', documents);
    if (documents.length === 0) return { ids: [], count: 0 };
    const { schema, field: vectorField } = await this.#vectorField(collection);
    const vectors = await documentVectors(this.embedder, documents, {
      ...this.#fields,
      vectorField: vectorField.name,
    });
    const fields = sentFields(schema);
    requireFit(
      documents,
      fields.filter((field) => field !== vectorField),
    );
    const declared = new Set(fields.map((field) => field.name));
    const bytes = packMutation({
      collection,
      schema,
      count: documents.length,
      values: (field) =>
        field === vectorField ? vectors : documents.map((document) => document[field.name]),
      dynamic: () => documents.map((document, i) => dynamicText(document, declared, i)),
    });
    if (!schema.dynamic) requireDeclared(documents, declared);
    const channel = await this.#connected();
    const reply = await channel.call<{
      IDs?: {
        int_id?: { data: readonly string[] } | null;
        str_id?: { data: readonly string[] } | null;
      } | null;
    }>(method, bytes, { what: `storing ${documents.length} documents in ${collection}`, timeout: 60_000 });
    const ids = reply.IDs?.str_id?.data ?? (reply.IDs?.int_id?.data ?? []).map((id) => wholeNumber(id)!);
    return { ids: [...ids], count: documents.length };
  }

  async #vectorField(collection: string): Promise<{ schema: CollectionSchema; field: CollectionField }> {
    let described = this.#schemas.get(collection);
    if (described === undefined) {
      described = this.#connected().then(async (channel) =>
        parseSchema(await describeCollection(channel, collection), collection),
      );
      this.#schemas.set(collection, described);
      // A collection that is not there yet may be there at the next call.
      described.catch(() => this.#schemas.delete(collection));
    }
    const schema = await described;
    const { vectorField } = this.#fields;
    const field = sentFields(schema).find(
      ({ kind, name }) => kind === 'vector' && (vectorField === undefined || name === vectorField),
    );
    if (field === undefined) {
      throw new MilvusError(
        'mismatch',
        `collection ${collection} has no vector field ${vectorField ?? ''}`.trimEnd(),
      );
    }
    return { schema, field };
  }

  #connected(): Promise<MilvusChannel> {
    this.#channel ??= this.#connect();
    this.#channel.catch(() => {
      this.#channel = undefined;
    });
    return this.#channel;
  }

  async #connect(): Promise<MilvusChannel> {
    const { address } = (this.client as unknown as { readonly config: { readonly address: string } }).config;
    try {
      await this.client.connectPromise;
    } catch (error) {
      throw grpcError(error, 'connecting to Milvus', address);
    }
    const hello = new MilvusChannel(this.client, { address, timeout: 30_000, lite: false });
    const { version } = await hello.call<{ version: string }>(
      'GetVersion',
      {},
      { what: 'connecting to Milvus' },
    );
    const lite = serverFromVersion(version, address).kind === 'lite';
    return new MilvusChannel(this.client, { address, timeout: 30_000, lite });
  }
}

/**
 * Lets a client of one's own take and find texts.
 *
 * @example
 * ```ts
 * import { type EmbeddingClient, type EmbeddingFunction, withEmbeddings } from '@model2vec-ts/milvus-adapter';
 *
 * // A client is made by `new MilvusClient({ address: 'localhost:19530' })` of @zilliz/milvus2-sdk-node.
 * async function example(client: EmbeddingClient['client'], embedder: EmbeddingFunction): Promise<void> {
 *   const texts = withEmbeddings(client, embedder);
 *   await texts.client.createCollection({ collection_name: 'demo', dimension: texts.dim });
 *   await texts.insert({
 *     collection_name: 'demo',
 *     data: [{ id: 1, text: 'Alan Turing was born in Maida Vale.', subject: 'history' }],
 *   });
 *   const [found] = await texts.search({
 *     collection_name: 'demo',
 *     data: 'Where was Turing born?',
 *     limit: 2,
 *     output_fields: ['text', 'subject'],
 *   });
 *   console.log(found);
 * }
 * ```
 */
export function withEmbeddings(
  client: MilvusClient,
  embedder: EmbeddingFunction,
  fields: DocumentFields = {},
): EmbeddingClient {
  return new EmbeddingClient(client, embedder, fields);
}

function requireFit(documents: readonly MilvusDocument[], fields: readonly CollectionField[]): void {
  for (const [i, document] of documents.entries()) {
    for (const field of fields) {
      const problem = valueProblem(field, document[field.name]);
      if (problem !== undefined) throw new MilvusError('invalid-argument', `document ${i}: ${problem}`);
    }
  }
}

function requireDeclared(documents: readonly MilvusDocument[], declared: ReadonlySet<string>): void {
  for (const [i, document] of documents.entries()) {
    const extra = Object.keys(document).find((name) => !declared.has(name) && document[name] !== undefined);
    if (extra !== undefined) {
      throw new MilvusError(
        'invalid-argument',
        `document ${i}: no field ${extra}, and the collection is not dynamic (it has no ${DYNAMIC_FIELD})`,
      );
    }
  }
}

function dynamicText(document: MilvusDocument, declared: ReadonlySet<string>, index: number): string {
  const { text, problem } = jsonText(
    Object.fromEntries(Object.entries(document).filter(([name]) => !declared.has(name))),
  );
  if (problem !== undefined) throw new MilvusError('invalid-argument', `document ${index}: ${problem}`);
  return text;
}
