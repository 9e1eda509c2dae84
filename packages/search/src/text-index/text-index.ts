import { compileFilter, type RowTest } from '../filter/compile-filter.js';
import { invalidArgument, SearchError } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import type { Key, SearchMode, SearchResult, StoredRow, TextRow } from '../store/text-row.js';
import type {
  FilterOptions,
  FilterParameters,
  IngestOptions,
  IngestResult,
  ReadOptions,
  SearchOptions,
  TextStore,
} from '../store/text-store.js';
import type { RankedRows } from '../vectors/shortlist.js';
import { VectorTable } from '../vectors/vector-table.js';
import { METRICS, type Metric, type VectorType } from '../vectors/vector-type.js';
import { hasWords, type WordBreaker, wordsOf } from '../words/word-breaking.js';
import { WordIndex } from '../words/word-index.js';
import { type IndexSource, type LazyRows, readIndex, type SavedIndex, writeIndex } from './index-format.js';
import { Ingest } from './ingest.js';
import { queryVectors } from './query-vectors.js';
import { fusedRanks, fusionReach } from './rank-fusion.js';
import { keyProblem, normalKey } from './row-check.js';
import { RowTable } from './row-table.js';
import { requireMode, requireWhole } from './search-arguments.js';
import type { LoadOptions, TextIndexOptions } from './text-index-options.js';

/** When gaps exceed this share of all rows, they are closed. */
const MOST_GAPS = 1 / 8;
const FEW_GAPS = 64;

/**
 * An in-memory index that searches texts exactly, by meaning and by full text, without setup. It has the methods and
 * results of a `TextCollection` in Milvus, for data that fits in a process. It is always current: a row can be found
 * once `upsert` returns.
 *
 * Dense search compares every vector: linear in rows × dimensions, 2 to 3 ms per query for 100,000 int8 vectors of 256.
 *
 * @example
 * ```ts
 * import { type EmbeddingFunction, TextIndex } from '@model2vec-ts/search';
 *
 * async function example(embedder: EmbeddingFunction): Promise<void> {
 *   const notes = await TextIndex.create({ embedder });
 *   await notes.upsert([{ text: 'Turing was born in Maida Vale.', year: 1912 }, { text: 'Bread needs yeast.' }]);
 *   const { mode, hits } = await notes.search('Where was Turing born?', { limit: 3, filter: 'year > 1900' });
 *   for (const { score, text, fields } of hits) console.log(mode, score.toFixed(3), text, fields.year);
 * }
 * ```
 */
export class TextIndex implements TextStore {
  readonly embedder: EmbeddingFunction;
  readonly #breaker: WordBreaker;
  readonly #vectors: VectorTable;
  readonly #rows: RowTable;
  #words: WordIndex | undefined;
  /** Content of rows that is still in the file. */
  #lazy: LazyRows | undefined;

  private constructor(
    options: { readonly embedder: EmbeddingFunction; readonly words?: WordBreaker },
    parts: {
      readonly vectors: VectorTable;
      readonly rows: RowTable;
      readonly words: WordIndex | undefined;
      readonly lazy?: LazyRows | undefined;
    },
  ) {
    this.embedder = options.embedder;
    this.#breaker = options.words ?? wordsOf;
    this.#vectors = parts.vectors;
    this.#rows = parts.rows;
    this.#words = parts.words;
    this.#lazy = parts.lazy;
  }

  /**
   * Creates an empty index.
   *
   * @throws {@link SearchError} `invalid-argument`
   */
  static async create(options: TextIndexOptions): Promise<TextIndex> {
    const { embedder, vectorType: type = 'float32', fullText = true, words = wordsOf, kernel } = options;
    if (!(type in METRICS)) throw invalidArgument('option vectorType', "'float32', 'int8' or 'binary'", type);
    const metrics = METRICS[type];
    const { metric = metrics[0]! } = options;
    if (!metrics.includes(metric)) {
      throw invalidArgument(`option metric for ${type} vectors`, metrics.join(' or '), metric);
    }
    if (!(Number.isSafeInteger(embedder?.dim) && embedder.dim > 0)) {
      throw invalidArgument('option embedder', 'an embedding function with a dim', embedder);
    }
    return new TextIndex(options, {
      vectors: await VectorTable.create({ type, dim: embedder.dim, metric }, kernel),
      rows: new RowTable(),
      words: fullText ? new WordIndex(words) : undefined,
    });
  }

  /**
   * Loads a saved index from its bytes, or from a source that is read in ranges, such as a file on a web server. From
   * such a source, vectors and words are read at once; texts and metadata when a hit, a filter or a change needs them.
   *
   * @throws {@link SearchError} `malformed` if the bytes are not an index or were altered; `mismatch` if another model
   * filled it
   */
  static async load(source: IndexSource, options: LoadOptions): Promise<TextIndex> {
    const { embedder, words = wordsOf, force = false } = options;
    const saved = await readIndex(source);
    if (saved.dim !== embedder.dim || (saved.fingerprint !== embedder.fingerprint && !force)) {
      throw new SearchError(
        'mismatch',
        `the index holds vectors of ${saved.dim} values of model ${saved.fingerprint}; the embedder gives ` +
          `${embedder.dim} of model ${embedder.fingerprint}`,
      );
    }
    const vectors = await VectorTable.create({ type: saved.type, dim: saved.dim, metric: saved.metric });
    vectors.appendPacked(saved.vectors);
    const rows = new RowTable();
    saved.ids.forEach((id, row) => {
      rows.push(id, saved.contents?.[row]);
    });
    return new TextIndex(options, {
      vectors,
      rows,
      words: saved.words === undefined ? undefined : WordIndex.load(words, saved.words),
      lazy: saved.lazy,
    });
  }

  /**
   * Returns the index as a file for {@link TextIndex.load}, in parts, so that little is copied: only int8 vectors
   * are. The other parts may be views that are valid until the index changes. `new Blob(parts)` joins them.
   */
  async save(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    await this.#fillAll();
    this.#compact();
    const { type, dim, metric } = this.#vectors;
    const rows = Array.from({ length: this.#rows.length }, (_, row) => row);
    const saved: SavedIndex = {
      type,
      dim,
      metric,
      fingerprint: this.embedder.fingerprint,
      vectors: this.#vectors.packedRows(),
      ids: rows.map((row) => this.#rows.id(row)),
      contents: rows.map((row) => ({ text: this.#rows.text(row), fields: this.#rows.fields(row) })),
      words: this.#words?.save(),
    };
    return writeIndex(saved);
  }

  /** How vectors are stored. */
  get vectorType(): VectorType {
    return this.#vectors.type;
  }

  /** How vectors are compared. */
  get metric(): Metric {
    return this.#vectors.metric;
  }

  /** How vectors are compared: `wasm`, or `js` if WebAssembly with SIMD cannot run. */
  get kernel(): 'wasm' | 'js' {
    return this.#vectors.kernel;
  }

  /** Number of rows. */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * Stores rows, replacing those with the same id. Of several rows with one id the last stays. Invalid rows are
   * reported and skipped; the others are stored.
   *
   * @param rows - an array or another iterable of rows
   * @throws {@link SearchError} `embedder`, `aborted`; errors of the input pass through. Earlier batches stay stored
   */
  async upsert(
    rows: Iterable<TextRow> | AsyncIterable<TextRow>,
    options: IngestOptions = {},
  ): Promise<IngestResult> {
    await this.#fillAll();
    const ingest = new Ingest(
      this.embedder,
      (batch) => {
        for (const { id, text, fields } of batch) {
          const old = this.#rows.rowOf(id);
          if (old !== undefined) this.#remove(old);
          this.#rows.push(id, { text, fields });
          this.#words?.add(text);
        }
        this.#vectors.append(
          batch.map(({ vector }) => vector),
          batch.length,
        );
        this.#closeGaps();
      },
      options,
    );
    return await ingest.run(rows);
  }

  search(query: string | Float32Array, options?: SearchOptions): Promise<SearchResult>;
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
    const { limit = 10, offset = 0, signal } = options;
    requireWhole('option limit', limit, 1);
    requireWhole('option offset', offset, 0);
    const test = this.#filter(options.filter, options.params);
    const mode = this.#mode(queries, options.mode);
    const vectors = mode === 'fullText' ? [] : await queryVectors(this.embedder, queries, signal);
    if (test !== undefined) await this.#fillAll();
    const accepts = (row: number): boolean =>
      this.#rows.isLive(row) && (test === undefined || test((name) => this.#rows.field(row, name)));
    // Without gaps and filters every row counts, so the scan need not check each one.
    const needsAsking = test !== undefined || this.#rows.size < this.#rows.length;
    const wanted = mode === 'hybrid' ? fusionReach(limit + offset) : limit + offset;
    const reach = Math.min(wanted, Math.max(1, this.#rows.length));
    const dense =
      mode === 'fullText' ? [] : this.#vectors.nearest(vectors, reach, needsAsking ? accepts : undefined);
    const rankings = queries.map((query, i) => {
      if (mode === 'dense') return dense[i]!;
      const byWords = this.#words!.search(query as string, reach, accepts);
      return mode === 'fullText' ? byWords : fusedRanks([dense[i]!, byWords]);
    });
    const pages = rankings.map(({ rows, scores }) => ({
      rows: rows.slice(offset, offset + limit),
      scores: scores.slice(offset, offset + limit),
    }));
    return await this.#results(pages, mode, options.fields);
  }

  async #results(
    pages: readonly RankedRows[],
    mode: SearchMode,
    fields: readonly string[] | undefined,
  ): Promise<SearchResult[]> {
    if (this.#lazy === undefined) {
      return pages.map(({ rows, scores }) => ({
        mode,
        hits: rows.map((row, i) => ({ ...this.#stored(row, fields), score: scores[i]! })),
      }));
    }
    // Changes during the wait renumber rows, so remember their ids.
    const ids = pages.map(({ rows }) => rows.map((row) => this.#rows.id(row)));
    await this.#fill(pages.flatMap(({ rows }) => rows));
    return pages.map(({ scores }, page) => ({
      mode,
      hits: ids[page]!.flatMap((id, i) => {
        const row = this.#rows.rowOf(id);
        return row === undefined ? [] : [{ ...this.#stored(row, fields), score: scores[i]! }];
      }),
    }));
  }

  get(id: Key, options?: ReadOptions): Promise<StoredRow | undefined>;
  get(ids: readonly Key[], options?: ReadOptions): Promise<(StoredRow | undefined)[]>;
  async get(
    id: Key | readonly Key[],
    options: ReadOptions = {},
  ): Promise<StoredRow | undefined | (StoredRow | undefined)[]> {
    const ids = (Array.isArray(id) ? id : [id]) as readonly Key[];
    const keys = ids.map(requireKey);
    await this.#fill(keys.map((key) => this.#rows.rowOf(key)).filter((row) => row !== undefined));
    const found = keys.map((key) => {
      const row = this.#rows.rowOf(key);
      return row === undefined ? undefined : this.#stored(row, options.fields);
    });
    return Array.isArray(id) ? found : found[0];
  }

  /**
   * Deletes rows by ids or by a filter.
   *
   * @returns their number
   */
  async delete(
    what: Key | readonly Key[] | { readonly filter: string; readonly params?: FilterParameters },
    _options?: { readonly signal?: AbortSignal },
  ): Promise<number> {
    await this.#fillAll();
    const rows = this.#rowsToDelete(what);
    for (const row of rows) this.#remove(row);
    this.#closeGaps();
    return rows.size;
  }

  #rowsToDelete(
    what: Key | readonly Key[] | { readonly filter: string; readonly params?: FilterParameters },
  ): ReadonlySet<number> {
    if (typeof what !== 'object' || Array.isArray(what)) {
      const ids = (Array.isArray(what) ? what : [what]) as readonly Key[];
      const rows = ids.map((id) => this.#rows.rowOf(requireKey(id)));
      return new Set(rows.filter((row) => row !== undefined));
    }
    const { filter, params } = what as { readonly filter: string; readonly params?: FilterParameters };
    const test = this.#filter(filter, params);
    if (test === undefined)
      throw invalidArgument('the filter of delete', 'a filter that is not empty', filter);
    return new Set(this.#matching(test));
  }

  async count(
    filter?: string,
    options: { readonly params?: FilterParameters; readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    const test = this.#filter(filter, options.params);
    if (test === undefined) return this.#rows.size;
    await this.#fillAll();
    return this.#matching(test).length;
  }

  /** Yields the rows that exist when it begins and still match when they are reached, in the order of ids. */
  async *rows(options: ReadOptions & FilterOptions = {}): AsyncGenerator<StoredRow, void, undefined> {
    const test = this.#filter(options.filter, options.params);
    await this.#fillAll();
    for (const id of this.#rows.sortedIds()) {
      if (options.signal?.aborted) throw aborted(options.signal, 'reading rows');
      const row = this.#rows.rowOf(id);
      if (row === undefined || test?.((name) => this.#rows.field(row, name)) === false) continue;
      yield this.#stored(row, options.fields);
    }
  }

  /** Yields every row in the order of ids. */
  [Symbol.asyncIterator](): AsyncGenerator<StoredRow, void, undefined> {
    return this.rows();
  }

  #filter(filter: string | undefined, params: FilterParameters | undefined): RowTest | undefined {
    if (filter === undefined || (typeof filter === 'string' && filter.trim() === '')) return undefined;
    return compileFilter(filter, params);
  }

  #matching(test: RowTest): number[] {
    return [...this.#rows.live()].filter((row) => test((name) => this.#rows.field(row, name)));
  }

  #mode(queries: readonly (string | Float32Array)[], wanted: SearchMode | undefined): SearchMode {
    if (wanted === undefined) {
      const haveWords = queries.every((query) => typeof query === 'string' && hasWords(query));
      return this.#words !== undefined && haveWords ? 'hybrid' : 'dense';
    }
    requireMode(wanted);
    if (wanted === 'dense') return wanted;
    const vector = queries.find((query) => typeof query !== 'string');
    if (vector !== undefined) throw invalidArgument('a query', `a text for mode ${wanted}`, vector);
    if (this.#words !== undefined) return wanted;
    throw new SearchError(
      'unsupported',
      `mode ${wanted} needs an index that was created with fullText: true`,
    );
  }

  #stored(row: number, fields: readonly string[] | undefined): StoredRow {
    return this.#rows.stored(row, fields, () => this.#vectors.vector(row));
  }

  #remove(row: number): void {
    this.#words?.remove(row, this.#rows.text(row));
    this.#rows.remove(row);
  }

  #closeGaps(): void {
    const gaps = this.#rows.length - this.#rows.size;
    if (gaps > FEW_GAPS && gaps > this.#rows.length * MOST_GAPS) this.#compact();
  }

  #compact(): void {
    if (this.#rows.length === this.#rows.size) return;
    this.#vectors.compact(this.#rows.compact());
    if (this.#words === undefined) return;
    this.#words = new WordIndex(this.#breaker);
    for (let row = 0; row < this.#rows.length; row++) this.#words.add(this.#rows.text(row));
  }

  /** Loads the content of rows from the file. */
  async #fill(rows: readonly number[]): Promise<void> {
    const missing = rows.filter((row) => !this.#rows.isFilled(row));
    if (this.#lazy === undefined || missing.length === 0) return;
    const contents = await this.#lazy.read(missing);
    // If a change loaded everything meanwhile, row numbers may have changed.
    if (this.#lazy === undefined) return;
    contents.forEach((content, i) => {
      this.#rows.fill(missing[i]!, content);
    });
  }

  /** Loads all content. Changes and filters do this first, so row numbers stay valid until then. */
  async #fillAll(): Promise<void> {
    if (this.#lazy === undefined) return;
    const contents = await this.#lazy.readAll();
    if (this.#lazy === undefined) return;
    this.#lazy = undefined;
    contents.forEach((content, row) => {
      this.#rows.fill(row, content);
    });
  }
}

function requireKey(id: Key): Key {
  const problem = keyProblem(id);
  if (problem !== undefined) throw new SearchError('invalid-argument', problem);
  return normalKey(id);
}

function aborted(signal: AbortSignal, what: string): SearchError {
  return new SearchError('aborted', `${what} was aborted by its signal`, { cause: signal.reason });
}
