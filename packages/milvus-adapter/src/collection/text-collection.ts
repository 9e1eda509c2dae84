import type {
  EmbeddingFunction,
  FilterOptions,
  FilterParameters,
  Key,
  SearchResult,
  StoredRow,
  TextRow,
  TextStore,
} from '@model2vec-ts/search';
import { requireVectorType } from '../connection/capabilities.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { serverTimestamp } from '../connection/server-clock.js';
import { NOT_LOADED } from '../connection/server-status.js';
import { Ingest, type IngestOptions, type IngestResult } from '../ingest/ingest.js';
import { isRowInput } from '../ingest/row-input.js';
import { type TextLayout, textLayout } from '../ingest/text-row.js';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';
import { afterKeyExpression, keysExpression } from '../wire/filter-expression.js';
import { filterFields } from '../wire/filter-fields.js';
import { boundFilter } from '../wire/filter-parameters.js';
import { hybridRequest, searchRequest } from '../wire/search-request.js';
import type { VectorType } from '../wire/vector-type.js';
import { creationPlan, requireName } from './collection-creation.js';
import { CollectionGuard } from './collection-guard.js';
import { IDENTITY_PROPERTY, identityOf, identityText, requireSameModel } from './collection-identity.js';
import { prepareIndexes, requireFittingDim } from './collection-opening.js';
import { parseSchema } from './collection-schema.js';
import { describeCollection, type IndexSpec, loadCollection } from './collection-setup.js';
import { fieldSearches, MAX_WINDOW, requireQueries, requireWindow, searchMode } from './field-searches.js';
import { type QueryReply, type SearchReply, searchResults, storedRows } from './query-reply.js';
import { type Consistency, ReadFreshness } from './read-freshness.js';
import { unknownField, wantedFields } from './row-fields.js';
import type {
  CreateCollectionOptions,
  OpenCollectionOptions,
  ReadOptions,
  SearchOptions,
} from './text-collection-options.js';

const PAGE = 1000;
const KEYS_AT_ONCE = 1000;
const READ_RETRY = 20_000;

/**
 * A collection of texts. It embeds the texts that are stored and the queries that search it.
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
export class TextCollection implements TextStore {
  readonly connection: MilvusConnection;
  readonly name: string;
  readonly embedder: EmbeddingFunction;
  /** The role of each of its fields. */
  readonly layout: TextLayout;
  /** Distance between its vectors. */
  readonly metric: string;
  readonly #consistency: Consistency;
  readonly #freshness: ReadFreshness;
  readonly #guard: CollectionGuard;

  private constructor(
    connection: MilvusConnection,
    options: OpenCollectionOptions,
    layout: TextLayout,
    metric: string,
    guard: CollectionGuard,
  ) {
    this.connection = connection;
    this.name = options.name;
    this.embedder = options.embedder;
    this.layout = layout;
    this.metric = metric;
    this.#guard = guard;
    this.#consistency = options.consistency ?? 'session';
    this.#freshness = new ReadFreshness(`${connection.address}/${connection.database}/${options.name}`);
  }

  /**
   * Creates a collection with its indexes and loads it.
   *
   * @throws {@link MilvusError}: `invalid-argument` (also if the name exists), `unsupported`, `embedder`
   */
  static async create(
    connection: MilvusConnection,
    options: CreateCollectionOptions,
  ): Promise<TextCollection> {
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
      { what: `creating collection ${options.name}`, timeout: 60_000 },
    );
    return await TextCollection.#opened(connection, options, plan.indexes);
  }

  /**
   * Opens a collection and loads it. Creates indexes that an interrupted creation left out.
   *
   * @throws {@link MilvusError}: `not-found`; `mismatch` if another model filled it, even one of the same dimension
   */
  static async open(connection: MilvusConnection, options: OpenCollectionOptions): Promise<TextCollection> {
    requireName(options);
    return await TextCollection.#opened(connection, options, undefined);
  }

  /** Opens the collection of this name, or creates it. Options that only creation has are ignored for an existing one. */
  static async openOrCreate(
    connection: MilvusConnection,
    options: CreateCollectionOptions,
  ): Promise<TextCollection> {
    requireName(options);
    if (await connection.hasCollection(options.name)) return await TextCollection.open(connection, options);
    try {
      return await TextCollection.create(connection, options);
    } catch (error) {
      // Another process may have created it in the meantime. Otherwise the options are wrong.
      if (!(await connection.hasCollection(options.name))) throw error;
      return await TextCollection.open(connection, options);
    }
  }

  static async #opened(
    connection: MilvusConnection,
    options: OpenCollectionOptions,
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
          `collection ${name} was made by another program, so the model that filled it is unknown`,
          { remedy: { code: 'force-open', collection: name } },
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
    const guard = new CollectionGuard(connection, { name, embedder, schema, force }, answer);
    const collection = new TextCollection(connection, options, layout, metric, guard);
    await collection.#reachNow();
    return collection;
  }

  /**
   * Stores rows, replacing those of the same ids. Storing the same rows again changes nothing, so an interrupted call can
   * be repeated. Of several rows with one id, the last is kept.
   *
   * A row that does not fit fails and is reported; the others are stored.
   *
   * @param rows - an array or any iterable, which is read as fast as the server stores
   * @throws `IngestError` if the ingest cannot continue; errors of the iterable are rethrown
   */
  async upsert(
    rows: Iterable<TextRow> | AsyncIterable<TextRow>,
    options: IngestOptions = {},
  ): Promise<IngestResult> {
    // Milvus Lite's upsert reads each old row and merges the new one into it. Its insert replaces rows, as a server's
    // upsert does.
    const { insertReplaces } = this.connection.capabilities;
    return await this.#ingest(rows, options, insertReplaces ? 'Insert' : 'Upsert', true);
  }

  /**
   * Stores rows with new ids, which is faster on a server than {@link TextCollection.upsert}. For an existing id, a
   * server keeps both rows, while Milvus Lite replaces the old one. A batch that may have been stored is not sent again,
   * so its rows fail if the connection breaks.
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
        verify: (checked) => this.#guard.verify(checked),
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

  /**
   * Finds the rows nearest to a query, which is a text or a vector of the embedder.
   *
   * @throws {@link MilvusError}: `invalid-argument` (also for an empty text), `unsupported` (the mode), `mismatch` (the
   * collection was replaced), `limit`, `embedder`
   */
  search(query: string | Float32Array, options?: SearchOptions): Promise<SearchResult>;
  /** Searches for several queries in one request; returns one result for each. */
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
    const mode = searchMode(this, queries, options.mode);
    const wanted = wantedFields(this.layout, options.fields);
    const filter = boundFilter(options.filter, options.params);
    const searches = await fieldSearches(this, queries, {
      ...options,
      mode,
      limit,
      offset,
      filter,
      outputFields: wanted.names,
    });
    const what = `searching ${this.name}`;
    const reply = await this.#read<SearchReply>(mode === 'hybrid' ? 'HybridSearch' : 'Search', what, {
      consistency,
      signal,
      request: (freshness) =>
        mode === 'hybrid'
          ? hybridRequest(searches, { limit, offset }, freshness)
          : searchRequest(searches[0]!, freshness),
    });
    const results = searchResults(reply, queries.length, mode, this.layout, wanted.isWanted);
    if (offset === 0 && results.every(({ hits }) => hits.length === 0)) {
      await this.#requireKnownFields(filter, signal);
    }
    return results;
  }

  /** Throws for a field that no row has, because a filter on it silently matches nothing. */
  async #requireKnownFields(filter: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    if (filter === undefined || !this.layout.schema.dynamic) return;
    const declared = new Set([...this.layout.schema.fields.map((field) => field.name), DYNAMIC_FIELD]);
    const unknown = filterFields(filter).filter((name) => !declared.has(name));
    if (unknown.length === 0 || (await this.#countMatches('', signal)) === 0) return;
    for (const name of unknown) {
      if ((await this.#countMatches(`exists ${name}`, signal)) === 0) throw unknownField(this.layout, name);
    }
  }

  async #countMatches(filter: string, signal: AbortSignal | undefined): Promise<number> {
    try {
      return await this.#count(filter, { consistency: this.#consistency, signal });
    } catch (error) {
      // Some servers refuse `exists`; then nothing is known about the field.
      if (MilvusError.isInstance(error) && error.code === 'invalid-argument') return Number.NaN;
      throw error;
    }
  }

  /** Returns the row of an id; `undefined` if there is none. */
  get(id: Key, options?: ReadOptions): Promise<StoredRow | undefined>;
  /** Returns the rows of ids, in their order; `undefined` for ids without a row. */
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
   * @returns the number of deleted rows
   */
  async delete(
    what: Key | readonly Key[] | { readonly filter: string; readonly params?: FilterParameters },
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    if (typeof what === 'object' && !Array.isArray(what)) {
      const { filter, params } = what as { readonly filter: unknown; readonly params?: FilterParameters };
      if (typeof filter !== 'string' || filter.trim() === '') {
        throw invalidArgument('the filter of delete', 'a filter', filter, { code: 'drop-collection' });
      }
      return await this.#delete(boundFilter(filter, params)!, options.signal);
    }
    const ids: readonly Key[] = Array.isArray(what) ? (what as readonly Key[]) : [what as Key];
    let deleted = 0;
    for (let start = 0; start < ids.length; start += KEYS_AT_ONCE) {
      deleted += await this.#delete(this.#keysFilter(ids.slice(start, start + KEYS_AT_ONCE)), options.signal);
    }
    return deleted;
  }

  async #delete(filter: string, signal: AbortSignal | undefined): Promise<number> {
    await this.#guard.verify({ signal });
    // Servers disagree whether the reply counts requested ids or deleted rows.
    const there = await this.#count(filter, { consistency: 'strong', signal });
    if (there === 0) return 0;
    await this.connection.channel.call(
      'Delete',
      { collection_name: this.name, expr: filter, consistency_level: 0 },
      { what: `deleting from ${this.name}`, signal, retryFor: READ_RETRY },
    );
    await this.#reachNow();
    return there;
  }

  /**
   * Counts all rows, or those that match a filter.
   *
   * @throws {@link MilvusError}: `invalid-argument` (also if the filter names a field that no row has)
   */
  async count(
    filter?: string,
    options: Omit<ReadOptions, 'fields'> & { readonly params?: FilterParameters } = {},
  ): Promise<number> {
    const { consistency = this.#consistency, signal } = options;
    const bound = boundFilter(filter, options.params);
    const count = await this.#count(bound ?? '', { consistency, signal });
    if (count === 0) await this.#requireKnownFields(bound, signal);
    return count;
  }

  async #count(
    filter: string,
    { consistency, signal }: { readonly consistency: Consistency; readonly signal: AbortSignal | undefined },
  ): Promise<number> {
    const reply = await this.#read<QueryReply>('Query', `counting the rows of ${this.name}`, {
      consistency,
      signal,
      request: (freshness) => ({
        collection_name: this.name,
        expr: filter,
        output_fields: ['count(*)'],
        ...freshness,
      }),
    });
    const [column] = reply.fields_data;
    return Number(column?.scalars?.long_data?.data?.[0] ?? 0);
  }

  /** Yields all rows, or those that match a filter, in the order of ids; reads them page by page. */
  async *rows(
    options: ReadOptions & FilterOptions & { readonly pageSize?: number } = {},
  ): AsyncGenerator<StoredRow, void, undefined> {
    const { filter: unbound, params, pageSize = PAGE, ...read } = options;
    const filter = boundFilter(unbound, params);
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
      // A page may be short before the end: a server stops where one of its segments has no more rows, so that it skips no
      // row of another segment.
      if (page.length === 0) {
        if (last === undefined) await this.#requireKnownFields(filter, read.signal);
        return;
      }
      yield* page;
      last = page.at(-1)!.id;
    }
  }

  /** Yields all rows in the order of ids. */
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

  /** Makes the server write its memory to storage, which reading does not need. */
  async flush(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#guard.verify(options);
    await this.connection.channel.call(
      'Flush',
      { collection_names: [this.name] },
      { what: `flushing ${this.name}`, signal: options.signal, timeout: 120_000, retryFor: 60_000 },
    );
  }

  /**
   * Deletes the collection with all its rows.
   *
   * @throws {@link MilvusError}: `not-found`; `mismatch` if it was replaced by another collection while it was open
   */
  async drop(): Promise<void> {
    await this.#guard.verify();
    await this.connection.channel.call(
      'DropCollection',
      { collection_name: this.name },
      { what: `dropping ${this.name}`, timeout: 60_000 },
    );
  }

  /** Makes a call that reads: retries it while the server does not answer, and loads the collection after a restart. */
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
    const read = async (): Promise<Reply> => {
      try {
        return await send();
      } catch (error) {
        if (!MilvusError.isInstance(error) || error.serverCode !== NOT_LOADED) throw error;
        await loadCollection(channel, this.name, signal);
        return await send();
      }
    };
    // At the same time, because the check takes about as long as a fast read.
    const [check, reply] = await Promise.allSettled([this.#guard.verify({ signal }), read()]);
    if (check.status === 'rejected') throw check.reason;
    if (reply.status === 'rejected') throw reply.reason;
    return reply.value;
  }

  /** Later reads see everything that is complete now. Never rejects, because the next read reports what is wrong. */
  async #reachNow(): Promise<void> {
    try {
      this.#freshness.reach((await serverTimestamp(this.connection.channel, this.name)) ?? 0n);
    } catch (error) {
      if (!MilvusError.isInstance(error)) throw error;
    }
  }
}
