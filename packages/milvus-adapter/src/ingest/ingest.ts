import type {
  EmbeddingFunction,
  FailedRow as StoreFailedRow,
  IngestOptions as StoreIngestOptions,
  IngestResult as StoreIngestResult,
} from '@model2vec-ts/search';
import { withRetries } from '../connection/back-off.js';
import type { MilvusChannel } from '../connection/milvus-channel.js';
import { abortedError, MilvusError, type MilvusErrorCode, messageOf } from '../milvus-error.js';
import { packMutation } from '../wire/mutation-request.js';
import { Interruption } from './interruption.js';
import { type EmbeddedRows, embedRows } from './row-embedding.js';
import { eachRow } from './row-input.js';
import { type CheckedRow, columnValues, isProblem, RowChecker, type TextLayout } from './text-row.js';
import { VectorMemory } from './vector-memory.js';

/** Options of an ingest. All durations are in milliseconds. */
export interface IngestOptions extends Omit<StoreIngestOptions, 'onFailed'> {
  /**
   * Number of rows of a request, at most.
   *
   * @defaultValue 2 048
   */
  readonly batchRows?: number;
  /**
   * Size of a request in bytes, about.
   *
   * @defaultValue 4 MiB; servers accept 64 MiB by default
   */
  readonly batchBytes?: number;
  /**
   * Number of concurrent requests, during which the next batch is embedded.
   *
   * @defaultValue 3
   */
  readonly concurrency?: number;
  /**
   * Milliseconds during which a batch is retried while the server does not answer, such as during a restart.
   *
   * @defaultValue 60 000
   */
  readonly retryFor?: number;
  /**
   * Milliseconds for the answer to one request.
   *
   * @defaultValue 60 000
   */
  readonly timeout?: number;
  /** Called for each failed row, before `onProgress` counts it as `complete`. */
  readonly onFailed?: (row: FailedRow) => void;
}

/** A row that was not stored. */
export interface FailedRow extends StoreFailedRow {
  readonly code: MilvusErrorCode;
}

/** The outcome of an ingest: `read = stored + superseded + failed.length`. */
export interface IngestResult extends StoreIngestResult {
  readonly failed: readonly FailedRow[];
}

/**
 * An ingest that could not continue: the server is unreachable, the collection is gone, the disk is full, the signal was
 * aborted.
 *
 * @example
 * ```ts
 * import { IngestError, type TextCollection } from '@model2vec-ts/milvus-adapter';
 *
 * async function store(collection: TextCollection, texts: string[]): Promise<void> {
 *   try {
 *     await collection.upsert(texts.map((text) => ({ text })));
 *   } catch (error) {
 *     if (error instanceof IngestError) console.error(error.message, 'after', error.result.stored, 'rows');
 *     throw error;
 *   }
 * }
 * ```
 */
export class IngestError extends MilvusError {
  override readonly name: string = 'IngestError';
  /** The outcome so far; rows of running requests count as failed. */
  readonly result: IngestResult;

  constructor(cause: MilvusError, result: IngestResult) {
    const counts = `${result.stored} rows stored, ${result.failed.length} failed, of ${result.read} read`;
    super(cause.code, `${cause.summary} (${counts})`, {
      cause,
      remedy: cause.remedy,
      retriable: cause.retriable,
      serverCode: cause.serverCode,
    });
    this.result = result;
  }
}

/** The collection that rows are stored in. */
export interface IngestTarget {
  readonly channel: MilvusChannel;
  readonly collection: string;
  readonly layout: TextLayout;
  readonly embedder: EmbeddingFunction;
  readonly maxMessageBytes: number;
  /** Milvus' call. */
  readonly method: 'Insert' | 'Upsert';
  /** Whether a row replaces the one of the same key, so that it may be sent twice. */
  readonly replaces: boolean;
  /** Rejects if the collection was replaced by one of another model or with other fields. */
  verify(options: Pick<IngestOptions, 'signal' | 'retryFor'>): Promise<void>;
  /** Called with the timestamp of each write, for reads that must see it. */
  onWritten(timestamp: bigint): void;
}

interface Batch {
  readonly rows: readonly CheckedRow[];
  readonly keys: ReadonlySet<string>;
  /** Position in the input of the first row that is settled only with this batch. */
  readonly start: number;
  readonly memory: VectorMemory;
  sending: Promise<void>;
}

const DEFAULT_BATCH_ROWS = 2048;
const DEFAULT_BATCH_BYTES = 4 * 1024 * 1024;
const DEFAULT_CONCURRENCY = 3;
const DEFAULT_TIMEOUT = 60_000;

/** Consecutive failures without a success, after which the rows are not the cause. */
const HOPELESS = 8;

/** Stores the rows of one input in one collection. */
export class Ingest {
  readonly #target: IngestTarget;
  readonly #options: IngestOptions;
  readonly #checker: RowChecker;
  readonly #failed: FailedRow[] = [];
  readonly #sending: Batch[] = [];
  /** Memory of batches that are settled. */
  readonly #spare: VectorMemory[] = [];
  #pending = new Map<string, CheckedRow>();
  #pendingBytes = 0;
  #pendingStart = 0;
  #read = 0;
  #stored = 0;
  #superseded = 0;
  readonly #interruption = new Interruption();
  #fatal: MilvusError | undefined;

  constructor(target: IngestTarget, options: IngestOptions) {
    this.#target = target;
    this.#options = options;
    this.#checker = new RowChecker(target.layout, target.embedder.dim, target.channel.lite);
  }

  /** @throws {@link IngestError}, or the error of the input, after all requests are settled */
  async run(rows: Iterable<unknown> | AsyncIterable<unknown>): Promise<IngestResult> {
    const { signal } = this.#options;
    const abort = (): void => {
      this.#end(abortedError(signal!, `ingest into ${this.#target.collection}`));
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await eachRow(rows, this.#interruption, (row) => (this.#take(row) ? this.#send() : undefined));
      await this.#send();
    } catch (error) {
      await this.#settled();
      if (error !== this.#fatal) throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    await this.#settled();
    if (this.#fatal === undefined) return this.#result();
    for (const row of this.#pending.values()) this.#fail(row, this.#fatal);
    throw new IngestError(this.#fatal, this.#result());
  }

  /** Ends the ingest; the first error counts. */
  #end(error: MilvusError): MilvusError {
    this.#fatal ??= error;
    this.#interruption.interrupt(this.#fatal);
    return this.#fatal;
  }

  #result(): IngestResult {
    return {
      read: this.#read,
      stored: this.#stored,
      superseded: this.#superseded,
      failed: this.#failed.sort((a, b) => a.index - b.index),
    };
  }

  /** Whether a batch is full now. */
  #take(found: unknown): boolean {
    const index = this.#read++;
    const checked = this.#checker.check(found, index);
    if (isProblem(checked)) {
      this.#addFailed({ index, id: checked.id, code: 'invalid-argument', reason: checked.reason });
      return false;
    }
    const key = String(checked.id);
    const earlier = this.#pending.get(key);
    if (earlier !== undefined) {
      if (!this.#target.replaces) {
        const reason = `id ${key} is a duplicate of row ${earlier.index}`;
        this.#addFailed({ index, id: checked.id, code: 'invalid-argument', reason });
        return false;
      }
      this.#superseded++;
      this.#pendingBytes -= earlier.size;
    }
    this.#pending.set(key, checked);
    this.#pendingBytes += checked.size;
    const { batchRows = DEFAULT_BATCH_ROWS, batchBytes = DEFAULT_BATCH_BYTES } = this.#options;
    return this.#pending.size >= batchRows || this.#pendingBytes >= batchBytes;
  }

  /** Embeds the pending rows and sends them in turn; resolves before the answer. */
  async #send(): Promise<void> {
    this.#stopIfHopeless();
    if (this.#pending.size === 0) return;
    const memory = this.#spare.pop() ?? new VectorMemory();
    const embedded = await this.#embed([...this.#pending.values()], memory);
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    while (this.#sending.length >= concurrency) {
      await Promise.race(this.#sending.map((batch) => batch.sending));
      this.#stopIfHopeless();
    }
    // A later row must not overtake an earlier one of the same key.
    for (const batch of [...this.#sending]) {
      for (const key of this.#pending.keys()) {
        if (!batch.keys.has(key)) continue;
        await batch.sending;
        break;
      }
    }
    this.#stopIfHopeless();
    const batch: Batch = {
      rows: embedded.rows,
      keys: new Set(this.#pending.keys()),
      start: this.#pendingStart,
      memory,
      sending: Promise.resolve(),
    };
    this.#pending = new Map();
    this.#pendingBytes = 0;
    this.#pendingStart = this.#read;
    this.#sending.push(batch);
    batch.sending = this.#sendBatch(batch, embedded.vectors);
  }

  #stopIfHopeless(): void {
    const { signal } = this.#options;
    if (signal?.aborted) this.#end(abortedError(signal, `ingest into ${this.#target.collection}`));
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#sending.map((batch) => batch.sending));
  }

  async #embed(rows: readonly CheckedRow[], memory: VectorMemory): Promise<EmbeddedRows> {
    try {
      return await embedRows(rows, {
        embedder: this.#target.embedder,
        signal: this.#options.signal,
        interruption: this.#interruption,
        memory,
        onProblem: ({ index, id }, reason) => this.#addFailed({ index, id, code: 'embedder', reason }),
      });
    } catch (error) {
      if (MilvusError.isInstance(error)) this.#end(error);
      throw error;
    }
  }

  /** Never rejects; failures are in `#failed` and `#fatal`. */
  async #sendBatch(batch: Batch, vectors: readonly Float32Array[]): Promise<void> {
    const tally = { stored: 0, failed: 0 };
    if (batch.rows.length > 0) await this.#sendRows(batch.rows, vectors, tally, true);
    this.#sending.splice(this.#sending.indexOf(batch), 1);
    this.#spare.push(batch.memory);
    // Rows that failed with the whole ingest are not settled, because they must be sent again after a resume.
    if (this.#fatal === undefined) this.#report();
  }

  #report(): void {
    this.#notify('onProgress', () =>
      this.#options.onProgress?.({
        read: this.#read,
        stored: this.#stored,
        failed: this.#failed.length,
        complete: this.#sending[0]?.start ?? this.#pendingStart,
      }),
    );
  }

  #notify(name: 'onProgress' | 'onFailed', call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#end(new MilvusError('invalid-argument', `${name} threw: ${messageOf(error)}`, { cause: error }));
    }
  }

  async #sendRows(
    rows: readonly CheckedRow[],
    vectors: readonly Float32Array[],
    tally: { stored: number; failed: number },
    isWhole = false,
  ): Promise<void> {
    if (this.#fatal !== undefined) {
      for (const row of rows) this.#fail(row, this.#fatal);
      return;
    }
    try {
      if (isWhole) await this.#target.verify(this.#options);
      await this.#request(rows, vectors);
      this.#stored += rows.length;
      tally.stored += rows.length;
      return;
    } catch (error) {
      const failure = MilvusError.isInstance(error)
        ? error
        : new MilvusError('server', `sending ${rows.length} rows failed: ${messageOf(error)}`, {
            cause: error,
          });
      const isRowsFault =
        mayBeRowsFault(failure) &&
        !(failure.code === 'server' && tally.failed >= HOPELESS && tally.stored === 0);
      if (!isRowsFault) this.#end(failure);
      if (!isRowsFault || rows.length === 1) {
        for (const row of rows) this.#fail(row, failure);
        tally.failed += rows.length;
        return;
      }
    }
    // Halves the batch until each row that the server refuses is alone.
    const middle = rows.length >> 1;
    await this.#sendRows(rows.slice(0, middle), vectors.slice(0, middle), tally);
    await this.#sendRows(rows.slice(middle), vectors.slice(middle), tally);
  }

  #fail(row: CheckedRow, { code, summary }: MilvusError): void {
    this.#addFailed({ index: row.index, id: row.id, code, reason: summary });
  }

  #addFailed(row: FailedRow): void {
    this.#failed.push(row);
    this.#notify('onFailed', () => this.#options.onFailed?.(row));
  }

  async #request(rows: readonly CheckedRow[], vectors: readonly Float32Array[]): Promise<void> {
    const { channel, collection, layout, maxMessageBytes, method, replaces } = this.#target;
    const { retryFor, signal, timeout = DEFAULT_TIMEOUT } = this.#options;
    const bytes = packMutation({
      collection,
      schema: layout.schema,
      count: rows.length,
      values: (field) => columnValues(layout, field, rows, vectors),
      dynamic: () => rows.map((row) => row.dynamic),
    });
    const what = `storing ${rows.length} rows in ${collection}`;
    if (bytes.length > maxMessageBytes) {
      throw new MilvusError(
        'limit',
        `${what}: a request may have ${maxMessageBytes} bytes; found ${bytes.length}`,
        { cause: TOO_LARGE },
      );
    }
    const reply = await withRetries(
      () => channel.call<MutationReply>(method, bytes, { what, signal, timeout }),
      (error) => MilvusError.isInstance(error) && error.retriable && (replaces || wasRefused(error)),
      { ...(retryFor === undefined ? {} : { retryFor }), ...(signal ? { signal } : {}) },
    );
    this.#target.onWritten(BigInt(reply.timestamp ?? 0));
  }
}

/** The part of `milvus.MutationResult` (milvus.proto) that is read. */
interface MutationReply {
  readonly timestamp?: string | number;
}

const TOO_LARGE = 'message too large';

/** Whether fewer or other rows may succeed, unless the server is unreachable, full or denies access. */
function mayBeRowsFault({ code, cause }: MilvusError): boolean {
  // A `limit` error with a cause is about message size; without one it is Milvus' memory or disk.
  return code === 'invalid-argument' || code === 'server' || (code === 'limit' && cause !== undefined);
}

/** Whether the server answered that it stored nothing. */
function wasRefused({ cause }: MilvusError): boolean {
  return cause === undefined;
}
