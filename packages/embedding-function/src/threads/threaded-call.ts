import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { NewMatrix } from '../new-matrix.js';
import { batchEnd, type TextBatch } from './text-batch.js';
import type { LaneResult, ThreadLane } from './thread-lane.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/**
 * Limit on batches of another thread: one in progress, and a few queued, so that it never waits while this thread
 * copies results into new memory, which the system maps page by page.
 */
const DEPTH = 4;

interface Answer extends TextBatch {
  readonly lane: ThreadLane;
  readonly result: LaneResult;
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
  readonly #matrix: NewMatrix;
  readonly #threads: number;
  /** Batches of other threads, by their first text, oldest first. */
  readonly #away: Map<number, TextBatch> = new Map();
  /** Batches that other threads returned without a result. */
  readonly #again: TextBatch[] = [];
  readonly #answers: Answer[] = [];
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
    matrix: NewMatrix,
    threads: number,
  ) {
    this.#pool = pool;
    this.#encoder = encoder;
    this.#texts = texts;
    this.#settings = settings;
    this.#matrix = matrix;
    this.#threads = threads;
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
      this.#away.set(first, { first, end });
      const { maxLength, normalize } = this.#settings;
      const batch = this.#encoder.cut(texts.slice(first, end), maxLength);
      void lane.encode(batch, { maxLength, normalize }, lane.spare()).then((result) => {
        this.#answers.push({ first, end, lane, result });
        this.#wakeUp.wake();
      });
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
      await this.#matrix.reach(end);
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
    this.#away.delete(oldest.first);
    this.#again.push(oldest);
  }

  async #takeAnswers(): Promise<void> {
    for (const { first, end, lane, result } of this.#answers.splice(0)) {
      // False if this thread gave up waiting for it.
      const isAwaited = this.#away.delete(first);
      if (result === undefined) {
        if (isAwaited) this.#again.push({ first, end });
        continue;
      }
      if (isAwaited) {
        await this.#matrix.reach(end);
        this.#matrix.data.set(result, first * this.#encoder.dim);
        this.#done += end - first;
      }
      lane.recycle(result);
    }
  }
}
