import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import { isShared, type OutputMatrix } from '../output/output-matrix.js';
import { TimeSlice } from '../time-slice.js';
import { batchEnd, type TextBatch } from './text-batch.js';
import type { ThreadGauge } from './thread-gauge.js';
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
  /** Decides whether other threads get batches; without it they always do. */
  readonly #gauge: ThreadGauge | undefined;
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
  /** UTF-16 units that were embedded since the gauge last counted. */
  #units = 0;
  #failure: Failure | undefined;

  constructor(
    pool: ThreadPool,
    encoder: BatchEncoder,
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: OutputMatrix,
    threads: number,
    gauge: ThreadGauge | undefined,
  ) {
    this.#pool = pool;
    this.#encoder = encoder;
    this.#texts = texts;
    this.#settings = settings;
    this.#matrix = matrix;
    this.#threads = threads;
    this.#gauge = gauge;
    this.#isInPlace = isShared(matrix);
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
    const slice = new TimeSlice();
    this.#gauge?.begin();
    try {
      while (!this.#isOver()) {
        if (this.#gauge?.usesThreads ?? true) this.#handOut();
        const isAlone = this.#away.size === 0;
        if (!(await this.#encodeHere(isAlone))) await this.#wait();
        else if (isAlone && this.#pool.isReady) await slice.pause();
        else await this.#pool.platform.laterTask();
        signal?.throwIfAborted();
        check();
        await this.#takeAnswers();
        this.#gauge?.note({ units: this.#units, away: this.#away.size, isReady: this.#pool.isReady });
        this.#units = 0;
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
  async #encodeHere(isAlone: boolean): Promise<boolean> {
    const again = this.#again.shift();
    if (again !== undefined) {
      await this.#encodeBatch(again);
      return true;
    }
    if (this.#failure !== undefined || this.#next === this.#texts.length) return false;
    const first = this.#next;
    const { batchSize } = this.#settings;
    // Smaller batches would only let the answers of other threads in.
    this.#next = isAlone
      ? Math.min(this.#texts.length, first + batchSize)
      : batchEnd(this.#texts, first, { threads: this.#threads, batchSize, own: true });
    await this.#encodeBatch({ first, end: this.#next });
    return true;
  }

  async #encodeBatch({ first, end }: TextBatch): Promise<void> {
    try {
      const memory = this.#matrix.reach(end);
      if (memory !== undefined) await memory;
      // Returns no promise: kernels that share their table are synchronous.
      const texts = this.#texts.slice(first, end);
      void this.#encoder.encode(texts, this.#settings, this.#matrix.data, first);
      this.#finished(first, end);
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
        this.#finished(first, end);
      }
      if (result !== undefined) lane.recycle(result);
    }
  }

  #finished(first: number, end: number): void {
    this.#done += end - first;
    if (this.#gauge === undefined) return;
    for (let text = first; text < end; text++) this.#units += this.#texts[text]!.length;
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
