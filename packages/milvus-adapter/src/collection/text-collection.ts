import { lackedBy, requireVectorType } from '../connection/capabilities.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { serverTimestamp } from '../connection/server-clock.js';
import { NOT_LOADED } from '../connection/server-status.js';
import type { EmbeddingFunction } from '../embedding-function.js';
import { Ingest, type IngestOptions, type IngestResult } from '../ingest/ingest.js';
import { isRowInput } from '../ingest/row-input.js';
import { type Key, type TextLayout, type TextRow, textLayout } from '../ingest/text-row.js';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import { vectorProblem } from '../wire/field-value.js';
import { afterKeyExpression, keysExpression } from '../wire/filter-expression.js';
import { type FieldSearch, hybridRequest, searchRequest } from '../wire/search-request.js';
import type { VectorType } from '../wire/vector-type.js';
import { creationPlan, requireName } from './collection-creation.js';
import { IDENTITY_PROPERTY, identityOf, identityText, requireSameModel } from './collection-identity.js';
import { prepareIndexes, requireFittingDim } from './collection-opening.js';
import { parseSchema } from './collection-schema.js';
import { describeCollection, type IndexSpec, loadCollection } from './collection-setup.js';
import {
  type QueryReply,
  type SearchReply,
  type SearchResult,
  type StoredRow,
  searchResults,
  storedRows,
} from './query-reply.js';
import { type Consistency, ReadFreshness } from './read-freshness.js';
import { wantedFields } from './row-fields.js';
import type {
  CreateOptions,
  OpenOptions,
  ReadOptions,
  SearchMode,
  SearchOptions,
} from './text-collection-options.js';

const MAX_WINDOW = 16_384;
const PAGE = 1000;
const KEYS_AT_ONCE = 1000;
const READ_RETRY = 20_000;

/**
 * A collection of texts: they are embedded on the way in, and so are queries on the way out.
 *
 * @example
 * ```ts
 * import { connectMilvus, type EmbeddingFunction, TextCollection } from '@model2vec-ts/milvus-adapter';
 *
 * async function example(embedder: EmbeddingFunction): Promise<void> {
 *   const milvus = await connectMilvus('http://localhost:19530');
 *   const notes = await TextCollection.openOrCreate(milvus, { name: 'notes', embedder });
 *   await notes.upsert([{ text: 'Turing was born in Maida Vale.', year: 1912 }, { text: 'Bread needs yeast.' }]);
 *   const { mode, hits } = await notes.search('Where was Turing born?', { limit: 3, filter: 'year > 1900' });
 *   for (const { score, text, fields } of hits) console.log(mode, score.toFixed(3), text, fields.year);
 *   await milvus.close();
 * }
 * ```
 */
export class TextCollection {
  readonly connection: MilvusConnection;
  readonly name: string;
  readonly embedder: EmbeddingFunction;
  /** Its fields and what each is for. */
  readonly layout: TextLayout;
  /** Nearness of its vectors. */
  readonly metric: string;
  readonly #consistency: Consistency;
  readonly #freshness: ReadFreshness;

  private constructor(
    connection: MilvusConnection,
    options: OpenOptions,
    layout: TextLayout,
    metric: string,
  ) {
    this.connection = connection;
    this.name = options.name;
    this.embedder = options.embedder;
    this.layout = layout;
    this.metric = metric;
    this.#consistency = options.consistency ?? 'session';
    this.#freshness = new ReadFreshness(`${connection.address}/${connection.database}/${options.name}`);
  }

  /**
   * Makes a collection, its indexes, and loads it.
   *
   * @throws {@link MilvusError}: `invalid-argument` (also when there is one of this name), `unsupported`, `embedder`
   */
  static async create(connection: MilvusConnection, options: CreateOptions): Promise<TextCollection> {
    const plan = await creationPlan(connection, options);
    const { channel } = connection;
    await channel.call(
      'CreateCollection',
      {
        collection_name: options.name,
        schema: plan.schema,
        shards_num: 1,
        consistency_level: 0,
        properties: [{ key: IDENTITY_PROPERTY, value: identityText(plan.identity) }],
      },
      { what: `making collection ${options.name}`, timeout: 60_000 },
    );
    return await TextCollection.#opened(connection, options, plan.indexes);
  }

  /**
   * Opens a collection and loads it; indexes that an interrupted creation left out are made.
   *
   * @throws {@link MilvusError}: `not-found`; `mismatch` where another model filled it, also one of equal dimension
   */
  static async open(connection: MilvusConnection, options: OpenOptions): Promise<TextCollection> {
    requireName(options);
    return await TextCollection.#opened(connection, options, undefined);
  }

  /** Opens the collection of this name, or makes it; the options of making matter only then. */
  static async openOrCreate(connection: MilvusConnection, options: CreateOptions): Promise<TextCollection> {
    requireName(options);
    if (await connection.hasCollection(options.name)) return await TextCollection.open(connection, options);
    try {
      return await TextCollection.create(connection, options);
    } catch (error) {
      // Another process may have made it in between; what is wrong with the options is told as it is.
      if (!(await connection.hasCollection(options.name))) throw error;
      return await TextCollection.open(connection, options);
    }
  }

  static async #opened(
    connection: MilvusConnection,
    options: OpenOptions,
    wantedIndexes: readonly IndexSpec[] | undefined,
  ): Promise<TextCollection> {
    const { channel, server } = connection;
    const { name, embedder, force = false } = options;
    const answer = await describeCollection(channel, name);
    const schema = parseSchema(answer, name);
    const identity = identityOf(answer.properties ?? [], name);
    if (!force) {
      if (identity === undefined) {
        throw new MilvusError(
          'mismatch',
          `collection ${name} was made by another program, and nothing tells which model filled it; ` +
            'pass force: true to open it, with textField and vectorField if it has several',
        );
      }
      if (wantedIndexes === undefined) await requireSameModel(identity, embedder, name);
    }
    const layout = textLayout(schema, {
      text: options.textField ?? identity?.textField,
      vector: options.vectorField ?? identity?.vectorField,
    });
    if (typeof layout === 'string')
      throw new MilvusError('mismatch', `collection ${name} does not fit: ${layout}`);
    requireFittingDim(layout, embedder, name);
    const metric = await prepareIndexes(connection, name, layout, wantedIndexes, identity);
    requireVectorType(connection.capabilities, server, layout.vector.type as VectorType);
    await loadCollection(channel, name);
    const collection = new TextCollection(connection, options, layout, metric);
    await collection.#reachNow();
    return collection;
  }

  /**
   * Stores rows, replacing those of the same ids. Sending the same rows again changes nothing, so that an interrupted
   * call can simply be repeated. Of several rows with one id the last stays.
   *
   * A row that does not fit is left out and reported; the others go in.
   *
   * @param rows - an array, or anything that yields rows; it is read as fast as the server stores
   * @throws `IngestError` when the ingest cannot go on; what the input throws is thrown on
   */
  async upsert(
    rows: Iterable<TextRow> | AsyncIterable<TextRow>,
    options: IngestOptions = {},
  ): Promise<IngestResult> {
    // On Milvus Lite an upsert reads each old row to merge the new one into it; its insert replaces rows, as upserts
    // of a server do.
    const { insertReplaces } = this.connection.capabilities;
    return await this.#ingest(rows, options, insertReplaces ? 'Insert' : 'Upsert', true);
  }

  /**
   * Stores rows whose ids are new, which a server does faster than {@link TextCollection.upsert}. What it does with an
   * id that is there already differs: a server keeps both rows, Milvus Lite replaces. Nothing that may have been
   * stored is sent twice, so a lost connection fails its batches.
   */
  async insert(
    rows: Iterable<TextRow> | AsyncIterable<TextRow>,
    options: IngestOptions = {},
  ): Promise<IngestResult> {
    return await this.#ingest(rows, options, 'Insert', false);
  }

  async #ingest(
    rows: Iterable<TextRow> | AsyncIterable<TextRow>,
    options: IngestOptions,
    method: 'Insert' | 'Upsert',
    replaces: boolean,
  ): Promise<IngestResult> {
    if (!isRowInput(rows)) throw invalidArgument('rows', 'an array or another iterable of rows', rows);
    for (const name of ['batchRows', 'batchBytes', 'concurrency'] as const) {
      const value = options[name];
      if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
        throw invalidArgument(`option ${name}`, 'a whole number above 0', value);
      }
    }
    const ingest = new Ingest(
      {
        channel: this.connection.channel,
        collection: this.name,
        layout: this.layout,
        embedder: this.embedder,
        maxMessageBytes: this.connection.capabilities.maxMessageBytes,
        method,
        replaces,
        onWritten: (timestamp) => this.#freshness.reach(timestamp),
      },
      options,
    );
    try {
      return await ingest.run(rows);
    } finally {
      await this.#reachNow();
    }
  }

  /** Rows nearest to a query: a text, or a vector of the embedder's. */
  search(query: string | Float32Array, options?: SearchOptions): Promise<SearchResult>;
  /** The same for several queries in one request, one result for each. */
  search(queries: readonly (string | Float32Array)[], options?: SearchOptions): Promise<SearchResult[]>;
  async search(
    query: string | Float32Array | readonly (string | Float32Array)[],
    options: SearchOptions = {},
  ): Promise<SearchResult | SearchResult[]> {
    if (Array.isArray(query)) return await this.#search(query as readonly (string | Float32Array)[], options);
    return (await this.#search([query as string | Float32Array], options))[0]!;
  }

  async #search(
    queries: readonly (string | Float32Array)[],
    options: SearchOptions,
  ): Promise<SearchResult[]> {
    const { limit = 10, offset = 0, signal, consistency = this.#consistency } = options;
    requireWindow(limit, offset);
    requireQueries(queries, this.embedder.dim);
    if (queries.length === 0) return [];
    const mode = this.#mode(queries, options.mode);
    const wanted = wantedFields(this.layout, options.fields);
    const common = {
      collection: this.name,
      filter: options.filter,
      outputFields: wanted.names,
    };
    const searches: FieldSearch[] = [];
    // Each ranking must reach as far as the page that is cut out of both.
    const page =
      mode === 'hybrid' ? { limit: Math.min(MAX_WINDOW, limit + offset), offset: 0 } : { limit, offset };
    if (mode !== 'text') {
      searches.push({
        ...common,
        ...page,
        field: this.layout.vector.name,
        metric: this.metric,
        input: {
          kind: 'vectors',
          type: this.layout.vector.type as VectorType,
          dim: this.embedder.dim,
          vectors: await this.#queryVectors(queries, signal),
        },
        params: options.params ?? {},
      });
    }
    if (mode !== 'dense') {
      searches.push({
        ...common,
        ...page,
        field: this.layout.sparse!,
        metric: 'BM25',
        input: { kind: 'texts', texts: queries as readonly string[] },
        params: {},
      });
    }
    const what = `searching ${this.name}`;
    const reply = await this.#read<SearchReply>(mode === 'hybrid' ? 'HybridSearch' : 'Search', what, {
      consistency,
      signal,
      request: (freshness) =>
        mode === 'hybrid'
          ? hybridRequest(searches, { limit, offset }, freshness)
          : searchRequest(searches[0]!, freshness),
    });
    return searchResults(reply, queries.length, mode, this.layout, wanted.isWanted);
  }

  #mode(queries: readonly (string | Float32Array)[], wanted: SearchMode | undefined): SearchMode {
    const { hybridSearch, fullText } = this.connection.capabilities;
    const hasWords = this.layout.sparse !== undefined && fullText;
    const areTexts = queries.every((query) => typeof query === 'string');
    if (wanted === undefined) {
      // A query without a letter or digit has no words to look for.
      const haveWords = queries.every((query) => typeof query === 'string' && /[\p{L}\p{N}]/u.test(query));
      return hasWords && hybridSearch && haveWords ? 'hybrid' : 'dense';
    }
    if (wanted !== 'hybrid' && wanted !== 'dense' && wanted !== 'text') {
      throw invalidArgument('option mode', "'hybrid', 'dense' or 'text'", wanted);
    }
    if (wanted === 'dense') return wanted;
    if (!areTexts)
      throw invalidArgument(
        'a query',
        `a text for mode ${wanted}`,
        queries.find((q) => typeof q !== 'string'),
      );
    if (!hasWords || (wanted === 'hybrid' && !hybridSearch)) {
      const why = fullText ? 'the collection was made without bm25' : lackedBy(this.connection.server);
      throw new MilvusError('unsupported', `mode ${wanted} needs full-text search in ${this.name}: ${why}`);
    }
    return wanted;
  }

  async #queryVectors(
    queries: readonly (string | Float32Array)[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    const texts = queries.filter((query) => typeof query === 'string');
    let made: readonly Float32Array[] = [];
    if (texts.length > 0) {
      try {
        made = await this.embedder.encodeQueries(texts, signal ? { signal } : {});
      } catch (error) {
        throw new MilvusError('embedder', `embedding ${texts.length} queries failed: ${String(error)}`, {
          cause: error,
        });
      }
    }
    let next = 0;
    return queries.map((query) => {
      if (typeof query !== 'string') return query;
      const vector = made[next++];
      const problem = vectorProblem('the embedding of a query', this.embedder.dim, vector);
      if (problem !== undefined) throw new MilvusError('embedder', problem);
      return vector!;
    });
  }

  /** The row of an id, if there is one. */
  get(id: Key, options?: ReadOptions): Promise<StoredRow | undefined>;
  /** The rows of ids, in their order; `undefined` where there is none. */
  get(ids: readonly Key[], options?: ReadOptions): Promise<(StoredRow | undefined)[]>;
  async get(
    id: Key | readonly Key[],
    options: ReadOptions = {},
  ): Promise<StoredRow | undefined | (StoredRow | undefined)[]> {
    const ids: readonly Key[] = Array.isArray(id) ? (id as readonly Key[]) : [id as Key];
    const rows = new Map<string, StoredRow>();
    for (let start = 0; start < ids.length; start += KEYS_AT_ONCE) {
      const filter = this.#keysFilter(ids.slice(start, start + KEYS_AT_ONCE));
      for (const row of await this.#query(filter, {}, options)) rows.set(String(row.id), row);
    }
    const found = ids.map((each) => rows.get(String(each)));
    return Array.isArray(id) ? found : found[0];
  }

  #keysFilter(ids: readonly Key[]): string {
    const { key } = this.layout;
    for (const id of ids) {
      const fits =
        key.type === 'varchar' ? typeof id === 'string' : typeof id === 'bigint' || Number.isSafeInteger(id);
      if (!fits) throw invalidArgument('an id', key.type === 'varchar' ? 'a string' : 'a whole number', id);
    }
    return keysExpression(key.name, ids);
  }

  /**
   * Deletes rows by ids or by a filter.
   *
   * @returns how many there were
   */
  async delete(
    what: Key | readonly Key[] | { readonly filter: string },
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    if (typeof what === 'object' && !Array.isArray(what)) {
      const { filter } = what as { readonly filter: unknown };
      if (typeof filter !== 'string' || filter.trim() === '') {
        throw invalidArgument('the filter of delete', 'a filter; use drop() to delete everything', filter);
      }
      return await this.#delete(filter, options.signal);
    }
    const ids: readonly Key[] = Array.isArray(what) ? (what as readonly Key[]) : [what as Key];
    let deleted = 0;
    for (let start = 0; start < ids.length; start += KEYS_AT_ONCE) {
      deleted += await this.#delete(this.#keysFilter(ids.slice(start, start + KEYS_AT_ONCE)), options.signal);
    }
    return deleted;
  }

  async #delete(filter: string, signal: AbortSignal | undefined): Promise<number> {
    // What servers answer differs: ids that were asked for, or rows that were there.
    const there = await this.count(filter, { consistency: 'strong', ...(signal ? { signal } : {}) });
    if (there === 0) return 0;
    await this.connection.channel.call(
      'Delete',
      { collection_name: this.name, expr: filter, consistency_level: 0 },
      { what: `deleting from ${this.name}`, signal, retryFor: READ_RETRY },
    );
    await this.#reachNow();
    return there;
  }

  /** Rows of the collection, or those that a filter lets through. */
  async count(filter?: string, options: Omit<ReadOptions, 'fields'> = {}): Promise<number> {
    const { consistency = this.#consistency, signal } = options;
    const reply = await this.#read<QueryReply>('Query', `counting the rows of ${this.name}`, {
      consistency,
      signal,
      request: (freshness) => ({
        collection_name: this.name,
        expr: filter ?? '',
        output_fields: ['count(*)'],
        ...freshness,
      }),
    });
    const [column] = reply.fields_data;
    return Number(column?.scalars?.long_data?.data?.[0] ?? 0);
  }

  /** Every row, or those that a filter lets through, in the order of ids, page by page. */
  async *rows(
    options: ReadOptions & { readonly filter?: string; readonly pageSize?: number } = {},
  ): AsyncGenerator<StoredRow, void, undefined> {
    const { filter, pageSize = PAGE, ...read } = options;
    if (!(Number.isSafeInteger(pageSize) && pageSize > 0 && pageSize <= MAX_WINDOW)) {
      throw invalidArgument('option pageSize', `a whole number from 1 to ${MAX_WINDOW}`, pageSize);
    }
    let last: Key | undefined;
    for (;;) {
      const expression = afterKeyExpression(this.layout.key.name, last, this.layout.key.type!, filter);
      const page = await this.#query(
        expression,
        { limit: String(pageSize), iterator: 'True', reduce_stop_for_best: 'True' },
        read,
      );
      // A page may be short before the end: a server stops where one of its segments has no more, so that no row of
      // another is passed over.
      if (page.length === 0) return;
      yield* page;
      last = page.at(-1)!.id;
    }
  }

  /** Every row, in the order of ids. */
  [Symbol.asyncIterator](): AsyncGenerator<StoredRow, void, undefined> {
    return this.rows();
  }

  async #query(
    filter: string,
    parameters: Readonly<Record<string, string>>,
    options: ReadOptions,
  ): Promise<StoredRow[]> {
    const { consistency = this.#consistency, signal } = options;
    const wanted = wantedFields(this.layout, options.fields);
    const reply = await this.#read<QueryReply>('Query', `reading rows of ${this.name}`, {
      consistency,
      signal,
      request: (freshness) => ({
        collection_name: this.name,
        expr: filter,
        output_fields: wanted.names,
        query_params: Object.entries(parameters).map(([key, value]) => ({ key, value })),
        ...freshness,
      }),
    });
    return storedRows(reply.fields_data, this.layout, wanted.isWanted);
  }

  /** Writes what is in the server's memory to its storage; not needed for reading it. */
  async flush(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.connection.channel.call(
      'Flush',
      { collection_names: [this.name] },
      { what: `flushing ${this.name}`, signal: options.signal, timeout: 120_000, retryFor: 60_000 },
    );
  }

  /** Deletes the collection with all its rows. */
  async drop(): Promise<void> {
    await this.connection.channel.call(
      'DropCollection',
      { collection_name: this.name },
      { what: `dropping ${this.name}`, timeout: 60_000 },
    );
  }

  /** A call that reads: tried again while nobody answers, and after loading where a restart has unloaded. */
  async #read<Reply>(
    method: string,
    what: string,
    call: {
      readonly consistency: Consistency;
      readonly signal: AbortSignal | undefined;
      readonly request: (freshness: ReturnType<ReadFreshness['fields']>) => object;
    },
  ): Promise<Reply> {
    const { consistency, signal } = call;
    const { channel } = this.connection;
    const send = (): Promise<Reply> =>
      channel.call<Reply>(method, call.request(this.#freshness.fields(consistency)), {
        what,
        signal,
        retryFor: READ_RETRY,
        isRetriable: (error) => error.serverCode !== NOT_LOADED,
      });
    try {
      return await send();
    } catch (error) {
      if (!MilvusError.isInstance(error) || error.serverCode !== NOT_LOADED) throw error;
      await loadCollection(channel, this.name, signal);
      return await send();
    }
  }

  /** Later reads see all that is complete now. Never rejects: a read that follows tells what is wrong. */
  async #reachNow(): Promise<void> {
    try {
      this.#freshness.reach((await serverTimestamp(this.connection.channel, this.name)) ?? 0n);
    } catch (error) {
      if (!MilvusError.isInstance(error)) throw error;
    }
  }
}

function requireWindow(limit: number, offset: number): void {
  if (!(Number.isSafeInteger(limit) && limit > 0))
    throw invalidArgument('option limit', 'a whole number above 0', limit);
  if (!(Number.isSafeInteger(offset) && offset >= 0))
    throw invalidArgument('option offset', 'a whole number from 0 on', offset);
  if (limit + offset > MAX_WINDOW) {
    throw new MilvusError(
      'limit',
      `limit and offset may come to ${MAX_WINDOW} together, which is Milvus' limit; found ${limit} and ${offset}`,
    );
  }
}

function requireQueries(queries: readonly unknown[], dim: number): void {
  for (const query of queries) {
    if (typeof query === 'string') continue;
    if (!(query instanceof Float32Array)) throw invalidArgument('a query', 'a text or a Float32Array', query);
    const problem = vectorProblem('a query', dim, query);
    if (problem !== undefined) throw new MilvusError('invalid-argument', problem);
  }
}
