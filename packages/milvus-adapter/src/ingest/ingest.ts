import { withRetries } from '../connection/back-off.js';
import type { MilvusChannel } from '../connection/milvus-channel.js';
import type { EmbeddingFunction } from '../embedding-function.js';
import { abortedError, MilvusError, type MilvusErrorCode } from '../milvus-error.js';
import { packMutation } from '../wire/mutation-request.js';
import { Interruption } from './interruption.js';
import { type EmbeddedRows, embedRows } from './row-embedding.js';
import { eachRow } from './row-input.js';
import {
  type CheckedRow,
  columnValues,
  isProblem,
  type Key,
  RowChecker,
  type TextLayout,
} from './text-row.js';

/** How rows are sent. */
export interface IngestOptions {
  /**
   * Most rows of a request.
   *
   * @defaultValue 2 048
   */
  readonly batchRows?: number;
  /**
   * Bytes after which a request is full.
   *
   * @defaultValue 4 MiB, far below the 64 MiB that a server takes unless configured
   */
  readonly batchBytes?: number;
  /**
   * Requests on their way at once; while they are, the next batch is embedded.
   *
   * @defaultValue 3
   */
  readonly concurrency?: number;
  /**
   * Milliseconds during which a batch is sent again while the server does not answer, such as during a restart.
   *
   * @defaultValue 60 000
   */
  readonly retryFor?: number;
  /**
   * Milliseconds for one request to be answered.
   *
   * @defaultValue 60 000
   */
  readonly timeout?: number;
  /** Ends the ingest; what is on its way is given up. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: IngestProgress) => void;
  /**
   * Called for each row that did not go in, as soon as that is known, and before `onProgress` counts it among the
   * `complete` ones.
   */
  readonly onFailed?: (row: FailedRow) => void;
}

/** How far an ingest is. */
export interface IngestProgress {
  /** Rows taken from the input. */
  readonly read: number;
  /** Rows that the server has stored. */
  readonly stored: number;
  /** Rows that did not go in. */
  readonly failed: number;
  /** Rows at the beginning of the input that are all settled: where to go on after an interruption. */
  readonly complete: number;
}

/** A row that did not go in. */
export interface FailedRow {
  /** Position in the input, from 0. */
  readonly index: number;
  /** Its key, where it had or got one. */
  readonly id: Key | undefined;
  readonly code: MilvusErrorCode;
  readonly reason: string;
}

/** What became of every row: `read = stored + superseded + failed.length`. */
export interface IngestResult {
  /** Rows taken from the input. */
  readonly read: number;
  /** Rows that the server has stored. */
  readonly stored: number;
  /** Rows that a later row of the same key, not far behind, made pointless. */
  readonly superseded: number;
  readonly failed: readonly FailedRow[];
}

/**
 * An ingest that could not go on: nobody answers, the collection is gone, the disk is full, the signal came.
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
  /** What became of the rows until then; those on their way are among the failed ones. */
  readonly result: IngestResult;

  constructor(cause: MilvusError, result: IngestResult) {
    const counts = `${result.stored} rows stored, ${result.failed.length} not, of ${result.read} read`;
    super(cause.code, `${cause.message} (${counts})`, {
      cause,
      retriable: cause.retriable,
      ...(cause.serverCode === undefined ? {} : { serverCode: cause.serverCode }),
    });
    this.result = result;
  }
}

/** Where rows go. */
export interface IngestTarget {
  readonly channel: MilvusChannel;
  readonly collection: string;
  readonly layout: TextLayout;
  readonly embedder: EmbeddingFunction;
  readonly maxMessageBytes: number;
  /** Milvus' call, and what it means for a key that is there already. */
  readonly method: 'Insert' | 'Upsert';
  /** Whether a row replaces the one of the same key, so that sending it twice does no harm. */
  readonly replaces: boolean;
  /** Told the timestamp of each write, for reads that must see it. */
  onWritten(timestamp: bigint): void;
}

interface Batch {
  readonly rows: readonly CheckedRow[];
  readonly keys: ReadonlySet<string>;
  /** Position in the input of the first row that is settled only with this batch. */
  readonly start: number;
  sending: Promise<void>;
}

const DEFAULT_BATCH_ROWS = 2048;
const DEFAULT_BATCH_BYTES = 4 * 1024 * 1024;
const DEFAULT_CONCURRENCY = 3;
const DEFAULT_TIMEOUT = 60_000;

/** Failures in a row, without any success, after which it is not the rows' fault. */
const HOPELESS = 8;

/** Takes rows of one input to one collection. */
export class Ingest {
  readonly #target: IngestTarget;
  readonly #options: IngestOptions;
  readonly #checker: RowChecker;
  readonly #failed: FailedRow[] = [];
  readonly #onTheirWay: Batch[] = [];
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
    this.#checker = new RowChecker(target.layout, target.embedder.dim);
  }

  /** @throws {@link IngestError}, or what the input itself throws once what was sent is settled */
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

  /** Ends the ingest; the first reason counts. */
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
        const reason = `id ${key} is there already, in row ${earlier.index} of the same batch`;
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

  /** Embeds what is pending and sends it when its turn comes; resolves before the answer. */
  async #send(): Promise<void> {
    this.#stopIfHopeless();
    if (this.#pending.size === 0) return;
    const embedded = await this.#embed([...this.#pending.values()]);
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    while (this.#onTheirWay.length >= concurrency) {
      await Promise.race(this.#onTheirWay.map((batch) => batch.sending));
      this.#stopIfHopeless();
    }
    // A later row must not overtake an earlier one of the same key.
    for (const batch of [...this.#onTheirWay]) {
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
      sending: Promise.resolve(),
    };
    this.#pending = new Map();
    this.#pendingBytes = 0;
    this.#pendingStart = this.#read;
    this.#onTheirWay.push(batch);
    batch.sending = this.#sendBatch(batch, embedded.vectors);
  }

  #stopIfHopeless(): void {
    const { signal } = this.#options;
    if (signal?.aborted) this.#end(abortedError(signal, `ingest into ${this.#target.collection}`));
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#onTheirWay.map((batch) => batch.sending));
  }

  async #embed(rows: readonly CheckedRow[]): Promise<EmbeddedRows> {
    try {
      return await embedRows(rows, {
        embedder: this.#target.embedder,
        signal: this.#options.signal,
        interruption: this.#interruption,
        onProblem: ({ index, id }, reason) => this.#addFailed({ index, id, code: 'embedder', reason }),
      });
    } catch (error) {
      if (MilvusError.isInstance(error)) this.#end(error);
      throw error;
    }
  }

  /** Never rejects: what fails is in `#failed` and `#fatal`. */
  async #sendBatch(batch: Batch, vectors: readonly Float32Array[]): Promise<void> {
    const tally = { stored: 0, failed: 0 };
    if (batch.rows.length > 0) await this.#sendRows(batch.rows, vectors, tally);
    this.#onTheirWay.splice(this.#onTheirWay.indexOf(batch), 1);
    // Rows that failed with the ingest are not settled: who goes on after it must send them again.
    if (this.#fatal === undefined) this.#report();
  }

  #report(): void {
    this.#tell('onProgress', () =>
      this.#options.onProgress?.({
        read: this.#read,
        stored: this.#stored,
        failed: this.#failed.length,
        complete: this.#onTheirWay[0]?.start ?? this.#pendingStart,
      }),
    );
  }

  #tell(name: 'onProgress' | 'onFailed', call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#end(new MilvusError('invalid-argument', `${name} failed: ${messageOf(error)}`, { cause: error }));
    }
  }

  async #sendRows(
    rows: readonly CheckedRow[],
    vectors: readonly Float32Array[],
    tally: { stored: number; failed: number },
  ): Promise<void> {
    if (this.#fatal !== undefined) {
      for (const row of rows) this.#fail(row, this.#fatal);
      return;
    }
    try {
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
    // Halves until the rows that the server does not take are alone.
    const middle = rows.length >> 1;
    await this.#sendRows(rows.slice(0, middle), vectors.slice(0, middle), tally);
    await this.#sendRows(rows.slice(middle), vectors.slice(middle), tally);
  }

  #fail(row: CheckedRow, { code, message }: MilvusError): void {
    this.#addFailed({ index: row.index, id: row.id, code, reason: message });
  }

  #addFailed(row: FailedRow): void {
    this.#failed.push(row);
    this.#tell('onFailed', () => this.#options.onFailed?.(row));
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
        `${what}: a request may have ${maxMessageBytes} bytes; these have ${bytes.length}`,
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

/** Whether fewer or other rows may fare better: not when the server is gone, full or shut. */
function mayBeRowsFault({ code, cause }: MilvusError): boolean {
  // A limit that gRPC or this package found is the message's size; one that Milvus tells of is its memory or disk.
  return code === 'invalid-argument' || code === 'server' || (code === 'limit' && cause !== undefined);
}

/** Whether the server answered, and said that it did not do it: nothing was stored then. */
function wasRefused({ cause }: MilvusError): boolean {
  return cause === undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
