import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { NewMatrix } from '../new-matrix.js';
import { batchEnd, type TextBatch } from './text-batch.js';
import type { LaneResult, ThreadLane } from './thread-lane.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/**
 * Batches that another thread has at one time: one that it works on, and a few so that it need not wait for the next while
 * this one copies results into memory that is new, which the system hands out page by page.
 */
const DEPTH = 4;

interface Answer extends TextBatch {
  readonly lane: ThreadLane;
  readonly result: LaneResult;
}

/** The first text of a batch that failed, and the error. */
interface Failure {
  readonly first: number;
  readonly error: unknown;
}

/** One call of `encode` on several threads, the calling one among them. */
export class ThreadedCall {
  readonly #pool: ThreadPool;
  readonly #encoder: BatchEncoder;
  readonly #texts: readonly string[];
  readonly #settings: EncodeSettings;
  readonly #matrix: NewMatrix;
  readonly #threads: number;
  /** Batches that other threads have, by their first text, oldest first. */
  readonly #away: Map<number, TextBatch> = new Map();
  /** Batches that came back without a result. */
  readonly #again: TextBatch[] = [];
  readonly #answers: Answer[] = [];
  readonly #wakeUp = new WakeUp();
  /** The first text that nobody has taken. */
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
   * Writes all embeddings. Of several errors it is the one of the first text that has one, as with one thread.
   *
   * @param check - throws where the call must end
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

  /** Whether all is done, or all before the text that failed. */
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

  /** Encodes a batch on this thread, one that came back before a new one; whether there was any. */
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
      // No promise comes back: kernels that share their table pool at once.
      void this.#encoder.encode(this.#texts.slice(first, end), this.#settings, this.#matrix.data, first);
      this.#done += end - first;
    } catch (error) {
      this.#failure = { first, error };
      // What comes after the text does not matter any more; what comes before it still can fail.
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
      // Not where it was not waited for.
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
