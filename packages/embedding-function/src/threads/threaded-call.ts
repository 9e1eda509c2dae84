import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { OutputMatrix } from '../output/output-matrix.js';
import { batchEnd, type TextBatch } from './text-batch.js';
import type { LaneResult, ThreadLane } from './thread-lane.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/**
 * Limit on batches of another thread: one in progress, and a few queued, so that it never waits while this thread
 * copies results into new memory, which the system maps page by page.
 */
const DEPTH = 4;

/** A batch of another thread. */
interface LaneBatch extends TextBatch {
  readonly lane: ThreadLane;
}

interface Answer extends LaneBatch {
  /** Embeddings to copy; absent if the thread wrote them in place, or failed. */
  readonly result: LaneResult;
  readonly isWritten: boolean;
}

/** First text of a batch that failed, and its error. */
interface Failure {
  readonly first: number;
  readonly error: unknown;
}

/** A call of `encode` on several threads, the calling one included. */
export class ThreadedCall {
  readonly #pool: ThreadPool;
  readonly #encoder: BatchEncoder;
  readonly #texts: readonly string[];
  readonly #settings: EncodeSettings;
  readonly #matrix: OutputMatrix;
  readonly #threads: number;
  /** Batches of other threads, by their first text, oldest first. */
  readonly #away: Map<number, LaneBatch> = new Map();
  /** Batches that other threads returned without a result. */
  readonly #again: TextBatch[] = [];
  readonly #answers: Answer[] = [];
  /** Whether the other threads write to the matrix itself. */
  readonly #isInPlace: boolean;
  /** Batches that other threads may be writing to the matrix, including abandoned ones. */
  readonly #writes: Map<Promise<boolean>, ThreadLane> = new Map();
  readonly #wakeUp = new WakeUp();
  /** First text without a batch. */
  #next = 0;
  #done = 0;
  #failure: Failure | undefined;

  constructor(
    pool: ThreadPool,
    encoder: BatchEncoder,
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: OutputMatrix,
    threads: number,
  ) {
    this.#pool = pool;
    this.#encoder = encoder;
    this.#texts = texts;
    this.#settings = settings;
    this.#matrix = matrix;
    this.#threads = threads;
    this.#isInPlace = matrix.data.buffer[Symbol.toStringTag] === 'SharedArrayBuffer';
  }

  /**
   * Writes all embeddings. Of several errors it throws the one of the first text, as with one thread.
   *
   * @param check - throws if the call must end
   */
  async run(check: () => void, { signal, onProgress }: EncodeOptions): Promise<void> {
    const { wake } = this.#wakeUp;
    const unlisten = this.#pool.onChange(wake);
    signal?.addEventListener('abort', wake);
    let reported = 0;
    try {
      while (!this.#isOver()) {
        this.#handOut();
        if (await this.#encodeHere()) await this.#pool.platform.laterTask();
        else await this.#wait();
        signal?.throwIfAborted();
        check();
        await this.#takeAnswers();
        if (this.#done > reported && this.#failure === undefined) {
          reported = this.#done;
          onProgress?.({ done: reported, total: this.#texts.length });
        }
      }
    } finally {
      unlisten();
      signal?.removeEventListener('abort', wake);
      await this.#endWrites();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Whether all texts are finished, or all before the one that failed. */
  #isOver(): boolean {
    if (this.#failure === undefined) return this.#done === this.#texts.length;
    return this.#again.length === 0 && this.#away.size === 0;
  }

  #handOut(): void {
    const texts = this.#texts;
    const { batchSize } = this.#settings;
    while (this.#failure === undefined && this.#next < texts.length) {
      const lane = this.#pool.freeLane(DEPTH);
      if (lane === undefined) return;
      const first = this.#next;
      const end = batchEnd(texts, first, { threads: this.#threads, batchSize, own: false });
      this.#next = end;
      this.#away.set(first, { first, end, lane });
      const { maxLength, normalize } = this.#settings;
      const batch = this.#encoder.cut(texts.slice(first, end), maxLength);
      const answer = (result: LaneResult, isWritten: boolean): void => {
        this.#answers.push({ first, end, lane, result, isWritten });
        this.#wakeUp.wake();
      };
      if (this.#isInPlace) {
        const rows = this.#matrix.data.subarray(first * this.#encoder.dim, end * this.#encoder.dim);
        const write = lane.encodeInto(batch, { maxLength, normalize }, rows);
        this.#writes.set(write, lane);
        void write.then((isWritten) => {
          this.#writes.delete(write);
          answer(undefined, isWritten);
        });
      } else {
        void lane
          .encode(batch, { maxLength, normalize }, lane.spare())
          .then((result) => answer(result, result !== undefined));
      }
    }
  }

  /** Encodes a batch on this thread, returned ones first, and returns whether there was one. */
  async #encodeHere(): Promise<boolean> {
    const again = this.#again.shift();
    if (again !== undefined) {
      await this.#encodeBatch(again);
      return true;
    }
    if (this.#failure !== undefined || this.#next === this.#texts.length) return false;
    const first = this.#next;
    const { batchSize } = this.#settings;
    this.#next = batchEnd(this.#texts, first, { threads: this.#threads, batchSize, own: true });
    await this.#encodeBatch({ first, end: this.#next });
    return true;
  }

  async #encodeBatch({ first, end }: TextBatch): Promise<void> {
    try {
      const memory = this.#matrix.reach(end);
      if (memory !== undefined) await memory;
      // Returns no promise: kernels that share their table are synchronous.
      void this.#encoder.encode(this.#texts.slice(first, end), this.#settings, this.#matrix.data, first);
      this.#done += end - first;
    } catch (error) {
      this.#failure = { first, error };
      // Later texts no longer matter; earlier ones can still fail.
      for (const other of this.#away.keys()) if (other > first) this.#away.delete(other);
      const before = this.#again.filter((other) => other.first < first);
      this.#again.splice(0, this.#again.length, ...before);
    }
  }

  async #wait(): Promise<void> {
    if (await this.#wakeUp.wait(PATIENCE)) return;
    const oldest = this.#away.values().next().value;
    if (oldest === undefined) return;
    if (this.#isInPlace) {
      // Two writers would mix their sums. The batch is returned without a result.
      await oldest.lane.stop();
      return;
    }
    this.#away.delete(oldest.first);
    this.#again.push(oldest);
  }

  async #takeAnswers(): Promise<void> {
    for (const { first, end, lane, result, isWritten } of this.#answers.splice(0)) {
      // False if this thread gave up waiting for it.
      const isAwaited = this.#away.delete(first);
      if (!isWritten) {
        if (isAwaited) this.#again.push({ first, end });
        continue;
      }
      if (isAwaited) {
        const memory = this.#matrix.reach(end);
        if (memory !== undefined) await memory;
        if (result !== undefined) this.#matrix.data.set(result, first * this.#encoder.dim);
        this.#done += end - first;
      }
      if (result !== undefined) lane.recycle(result);
    }
  }

  /** Resolves when no other thread writes to the matrix any more: after an abort it belongs to the caller again. */
  async #endWrites(): Promise<void> {
    if (this.#writes.size === 0) return;
    const timer = setTimeout(() => {
      for (const lane of this.#writes.values()) void lane.stop();
    }, PATIENCE);
    await Promise.all(this.#writes.keys());
    clearTimeout(timer);
  }
}
