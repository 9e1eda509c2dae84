import { contentIds } from '#platform';
import { invalidArgument, SearchError } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import type { Key, TextRow } from '../store/text-row.js';
import type { FailedRow, IngestOptions, IngestResult } from '../store/text-store.js';
import { embedded } from './query-vectors.js';
import { type CheckedRow, checkRow, isProblem } from './row-check.js';
import type { Fields } from './row-table.js';

/** A row with everything that is stored for it. */
export interface ReadyRow {
  readonly id: Key;
  readonly text: string;
  readonly vector: Float32Array;
  readonly fields: Fields | undefined;
}

/** Reads, checks and embeds rows in batches, and passes each batch to `store`. */
export class Ingest {
  readonly #embedder: EmbeddingFunction;
  readonly #store: (batch: readonly ReadyRow[]) => void;
  readonly #options: IngestOptions;
  readonly #batchRows: number;
  readonly #failed: FailedRow[] = [];
  #batch: CheckedRow[] = [];
  /** Memory of a batch's embeddings, which are stored before the next batch is embedded. */
  #memory = new Float32Array();
  #read = 0;
  #stored = 0;
  #superseded = 0;

  constructor(
    embedder: EmbeddingFunction,
    store: (batch: readonly ReadyRow[]) => void,
    options: IngestOptions,
  ) {
    const { batchRows = 1024 } = options;
    if (!(Number.isSafeInteger(batchRows) && batchRows > 0)) {
      throw invalidArgument('option batchRows', 'a whole number above 0', batchRows);
    }
    this.#embedder = embedder;
    this.#store = store;
    this.#options = options;
    this.#batchRows = batchRows;
  }

  async run(rows: Iterable<TextRow> | AsyncIterable<TextRow>): Promise<IngestResult> {
    const input: unknown = rows;
    if (typeof input !== 'object' || input === null) {
      throw invalidArgument('rows', 'an array or another iterable of rows', rows);
    }
    if (Symbol.iterator in input) {
      // An array needs no turn of the event loop per row.
      for (const row of input as Iterable<unknown>) if (this.#take(row)) await this.#flush();
    } else if (Symbol.asyncIterator in input) {
      for await (const row of input as AsyncIterable<unknown>) if (this.#take(row)) await this.#flush();
    } else {
      throw invalidArgument('rows', 'an array or another iterable of rows', rows);
    }
    await this.#flush();
    return { read: this.#read, stored: this.#stored, superseded: this.#superseded, failed: this.#failed };
  }

  /** Adds a row to the batch and returns whether the batch is full. */
  #take(row: unknown): boolean {
    const index = this.#read++;
    const checked = checkRow(row, index, this.#embedder.dim);
    if (!isProblem(checked)) return this.#batch.push(checked) >= this.#batchRows;
    const failed = { index, id: checked.id, code: 'invalid-argument', reason: checked.reason };
    this.#failed.push(failed);
    this.#options.onFailed?.(failed);
    return false;
  }

  async #flush(): Promise<void> {
    const { signal, onProgress } = this.#options;
    if (signal?.aborted) {
      const problem = `storing rows was aborted by its signal after ${this.#stored} rows`;
      throw new SearchError('aborted', problem, { cause: signal.reason });
    }
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) this.#store(this.#lastOfEach(await this.#ready(batch)));
    onProgress?.({
      read: this.#read,
      stored: this.#stored,
      failed: this.#failed.length,
      complete: this.#read,
    });
  }

  async #ready(batch: readonly CheckedRow[]): Promise<ReadyRow[]> {
    const unembedded = batch.filter(({ vector }) => vector === undefined).map(({ text }) => text);
    const vectors =
      unembedded.length === 0
        ? []
        : await embedded(
            this.#embedder,
            'encodeDocuments',
            unembedded,
            this.#options.signal,
            this.#memoryFor(unembedded.length),
          );
    const ids = await contentIds(batch.filter(({ id }) => id === undefined).map(({ text }) => text));
    let nextVector = 0;
    let nextId = 0;
    return batch.map(({ id, text, fields, vector }) => ({
      id: id ?? ids[nextId++]!,
      text,
      fields,
      vector: vector ?? vectors[nextVector++]!,
    }));
  }

  #memoryFor(rows: number): Float32Array {
    const size = rows * this.#embedder.dim;
    if (this.#memory.length < size) this.#memory = new Float32Array(size);
    return this.#memory;
  }

  #lastOfEach(rows: readonly ReadyRow[]): readonly ReadyRow[] {
    const last = new Map<Key, ReadyRow>();
    for (const row of rows) {
      last.delete(row.id);
      last.set(row.id, row);
    }
    this.#stored += last.size;
    this.#superseded += rows.length - last.size;
    return [...last.values()];
  }
}
