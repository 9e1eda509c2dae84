import type { EmbeddingFunction, Key } from '@model2vec-ts/search';
import type { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { type CollectionField, type CollectionSchema, parseSchema } from './collection/collection-schema.js';
import { describeCollection, describeIndexes } from './collection/collection-setup.js';
import { type ReplyIds, replyKeys, type SearchReply } from './collection/query-reply.js';
import { serverFromVersion } from './connection/capabilities.js';
import { MilvusChannel } from './connection/milvus-channel.js';
import { grpcError } from './connection/server-status.js';
import { invalidArgument, MilvusError, messageOf } from './milvus-error.js';
import { DYNAMIC_FIELD } from './wire/field-data.js';
import { liteProblem, valueProblem, vectorProblem } from './wire/field-value.js';
import { rowReader } from './wire/field-values.js';
import { jsonText } from './wire/json-value.js';
import { packMutation, sentFields } from './wire/mutation-request.js';
import { setOwn } from './wire/own-property.js';
import { searchRequest } from './wire/search-request.js';
import type { VectorType } from './wire/vector-type.js';

/** The fields of a document that hold its text and its vector. */
export interface DocumentFields {
  /** @defaultValue 'text' */
  readonly textField?: string;
  /** @defaultValue 'vector' */
  readonly vectorField?: string;
}

/** A document: fields of a collection by their names. */
export type MilvusDocument = Readonly<Record<string, unknown>>;

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
  const made = texts.length === 0 ? [] : await embedded(embedder.encodeDocuments(texts), texts.length);
  let next = 0;
  return documents.map((document, i) => {
    const found = document[vectorField] ?? made[next++];
    const vector = Array.isArray(found) ? Float32Array.from(found as number[]) : found;
    const problem = vectorProblem(`${vectorField} of document ${i}`, embedder.dim, vector);
    if (problem !== undefined) throw new MilvusError('invalid-argument', problem);
    return vector as Float32Array;
  });
}

/** A row found by {@link EmbeddingClient.search}, in the form of pymilvus. */
export interface FoundEntity {
  readonly id: Key;
  readonly distance: number;
  readonly entity: Readonly<Record<string, unknown>>;
}

/**
 * Your own client of the SDK with texts in place of vectors, returned by {@link withEmbeddings}. It has
 * `encodeDocuments`, `encodeQueries` and `dim` like pymilvus' embedding functions, and `insert`, `upsert` and `search`
 * that embed. Rows are packed and checked as by `TextCollection`.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { withEmbeddings } from '@model2vec-ts/milvus-adapter';
 * import { MilvusClient } from '@zilliz/milvus2-sdk-node';
 *
 * const embedder = await Model2VecEmbeddingFunction.create();
 * const client = withEmbeddings(new MilvusClient({ address: 'localhost:19530' }), embedder);
 * const [query] = await client.encodeQueries(['how do I reset my password']);
 * console.log(query?.length === client.dim); // true
 * ```
 */
export class EmbeddingClient {
  readonly client: MilvusClient;
  readonly embedder: EmbeddingFunction;
  readonly #fields: DocumentFields;
  readonly #schemas = new Map<string, Promise<CollectionSchema>>();
  #channel: Promise<MilvusChannel> | undefined;

  /** @internal */
  constructor(client: MilvusClient, embedder: EmbeddingFunction, fields: DocumentFields = {}) {
    this.client = client;
    this.embedder = embedder;
    this.#fields = fields;
    // Nothing else awaits it, and an unhandled rejection would end the process.
    client.connectPromise.catch(() => {});
  }

  /** Number of values of a vector. */
  get dim(): number {
    return this.embedder.dim;
  }

  /** Returns a vector for each document. */
  encodeDocuments(documents: readonly string[]): Promise<Float32Array[]> {
    return this.embedder.encodeDocuments(documents);
  }

  /** Returns a vector for each query. */
  encodeQueries(queries: readonly string[]): Promise<Float32Array[]> {
    return this.embedder.encodeQueries(queries);
  }

  /**
   * Embeds documents and stores them as new rows. Stores none if one does not fit.
   *
   * @throws {@link MilvusError}: `invalid-argument`, `not-found`, `embedder`, `unreachable`, …
   */
  async insert(request: {
    readonly collection_name: string;
    readonly data: readonly MilvusDocument[];
  }): Promise<{ readonly insertCount: number; readonly ids: readonly Key[] }> {
    const { ids, count } = await this.#store('Insert', request.collection_name, request.data);
    return { insertCount: count, ids };
  }

  /** Embeds documents and stores them, replacing rows of the same keys. Stores none if one does not fit. */
  async upsert(request: {
    readonly collection_name: string;
    readonly data: readonly MilvusDocument[];
  }): Promise<{ readonly upsertCount: number; readonly ids: readonly Key[] }> {
    const { ids, count } = await this.#store('Upsert', request.collection_name, request.data);
    return { upsertCount: count, ids };
  }

  /** Finds the rows nearest to texts or vectors; returns a list for each. */
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
        `field ${field.name} of collection ${collection} has no index, which a search needs`,
      );
    }
    const reply = await channel.call<SearchReply>(
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
    const { topks = [], scores = [], fields_data = [], ids } = reply.results ?? {};
    const keys = replyKeys(ids);
    const isWanted = new Set(wanted);
    const read = rowReader(fields_data, (name) => isWanted.has(name) || isWanted.has('*'));
    let at = 0;
    return queries.map((_, query) => {
      const end = at + Number(topks[query] ?? 0);
      const found: FoundEntity[] = [];
      for (; at < end; at++) found.push({ id: keys[at]!, distance: scores[at]!, entity: read(at) });
      return found;
    });
  }

  async #queryVectors(queries: readonly (string | Float32Array)[]): Promise<Float32Array[]> {
    const texts = queries.filter((query) => typeof query === 'string');
    if (texts.some((text) => text.trim() === ''))
      throw invalidArgument('a query', 'a text that is not empty', '');
    const made = texts.length === 0 ? [] : await embedded(this.embedder.encodeQueries(texts), texts.length);
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
    const { lite } = await this.#connected();
    requireFit(
      lite,
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
    const reply = await channel.call<{ IDs?: ReplyIds | null }>(method, bytes, {
      what: `storing ${documents.length} documents in ${collection}`,
      timeout: 60_000,
    });
    return { ids: [...replyKeys(reply.IDs)], count: documents.length };
  }

  async #vectorField(collection: string): Promise<{ schema: CollectionSchema; field: CollectionField }> {
    let described = this.#schemas.get(collection);
    if (described === undefined) {
      described = this.#connected().then(async (channel) =>
        parseSchema(await describeCollection(channel, collection), collection),
      );
      this.#schemas.set(collection, described);
      // A missing collection may exist at the next call.
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
 * Lets your own client of the SDK store and find texts.
 *
 * The SDK's own `insert` takes vectors: embed them with `encodeDocuments` and pass `Array.from(vector)`, because the SDK
 * garbles typed arrays in some collections.
 *
 * @example
 * ```ts
 * import { type EmbeddingClient, type EmbeddingFunction, withEmbeddings } from '@model2vec-ts/milvus-adapter';
 *
 * // Create the client by `new MilvusClient({ address: 'localhost:19530' })` of @zilliz/milvus2-sdk-node.
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

function requireFit(
  lite: boolean,
  documents: readonly MilvusDocument[],
  fields: readonly CollectionField[],
): void {
  for (const [i, document] of documents.entries()) {
    for (const field of fields) {
      const value = document[field.name];
      const problem = valueProblem(field, value) ?? liteProblem(lite, field, value);
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
        `document ${i}: the collection has no field ${extra} and is not dynamic`,
      );
    }
  }
}

function dynamicText(document: MilvusDocument, declared: ReadonlySet<string>, index: number): string {
  const extra: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    if (declared.has(name) || value === undefined) continue;
    if (name === '' || name === DYNAMIC_FIELD) {
      throw new MilvusError(
        'invalid-argument',
        `document ${index}: a field cannot be called ${JSON.stringify(name)}`,
      );
    }
    setOwn(extra, name, value);
  }
  const { text, problem } = jsonText(extra);
  if (problem !== undefined) throw new MilvusError('invalid-argument', `document ${index}: ${problem}`);
  return text;
}

/** Turns a failure of the embedder into an error of this package. */
async function embedded(vectors: Promise<Float32Array[]>, count: number): Promise<Float32Array[]> {
  try {
    return await vectors;
  } catch (error) {
    throw new MilvusError('embedder', `embedding ${count} texts failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
