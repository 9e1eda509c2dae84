import { type LaneEvents, ThreadLane } from './thread-lane.js';
import type { ThreadLimit } from './thread-limit.js';
import type { EncoderParts } from './thread-message.js';
import type { ThreadPlatform } from './worker-thread.js';

/** Threads in a row that may end without having embedded a batch before the pool gives up. */
const MOST_FAILURES = 3;

/** Makes the parts of a thread, whose index is 1 or more. */
export type PartsOf = (thread: number) => EncoderParts;

/** The threads besides the calling one. Each starts when it is first needed and then stays. */
export class ThreadPool {
  readonly platform: ThreadPlatform;
  /** Why the pool gave up starting threads. */
  limit: ThreadLimit | undefined;
  readonly #partsOf: PartsOf;
  readonly #lanes: (ThreadLane | undefined)[];
  readonly #onChange: Set<() => void> = new Set();
  /** Threads that are ending. */
  readonly #ending: Set<Promise<void>> = new Set();
  readonly #laneEvents: LaneEvents = {
    onReady: () => {
      this.#hasStarted = true;
      this.#notify();
    },
    onDone: () => {
      this.#failures = 0;
    },
    onEnd: (cause) => {
      this.#noteFailure(cause);
      this.#notify();
    },
  };
  #failures = 0;
  /** Whether a thread has ever been ready. */
  #hasStarted = false;
  #isClosed = false;

  /** @param size - number of threads besides the calling one */
  constructor(platform: ThreadPlatform, size: number, partsOf: PartsOf) {
    this.platform = platform;
    this.#partsOf = partsOf;
    this.#lanes = Array.from({ length: size }, () => undefined);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether any thread was started. */
  get isStarted(): boolean {
    return this.#lanes.some((lane) => lane !== undefined);
  }

  /** Whether any thread is ready for batches. */
  get isReady(): boolean {
    return this.#lanes.some((lane) => lane?.isReady);
  }

  /** Starts missing threads, up to `count` in total. */
  start(count: number): void {
    for (let i = 0; i < Math.min(count, this.#lanes.length); i++) {
      if (this.#isClosed || this.limit !== undefined) return;
      const lane = this.#lanes[i];
      if (lane !== undefined && !lane.hasEnded) continue;
      try {
        this.#lanes[i] = new ThreadLane(this.platform, this.#partsOf(i + 1), this.#laneEvents);
      } catch (error) {
        this.#noteFailure(error);
      }
    }
  }

  /** Returns a thread with fewer than `depth` batches. */
  freeLane(depth: number): ThreadLane | undefined {
    return this.#lanes.find((lane) => lane?.isFree(depth));
  }

  /** Calls the listener whenever a thread has loaded or ended, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#onChange.add(listener);
    return () => this.#onChange.delete(listener);
  }

  /** Ends all threads, and resolves when they have ended. Their batches get no result. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes) if (lane !== undefined && !lane.hasEnded) this.#ending.add(lane.stop());
    this.#notify();
    await Promise.all(this.#ending);
  }

  #notify(): void {
    for (const listener of this.#onChange) listener();
  }

  #noteFailure(cause: unknown): void {
    this.#failures++;
    // An error from a worker is no instance of this realm's classes; its text contains name and message.
    const reason = String(cause);
    if (this.limit !== undefined) return;
    // Another start would fail as the first did: usually a bundler has left out the worker's file.
    const isLast = this.#failures >= MOST_FAILURES || !this.#hasStarted;
    if (isLast) this.limit = { code: 'threads-ended', reason };
    this.platform.warn(
      this.#hasStarted
        ? `An embedding thread ended unexpectedly (${reason}). The calling thread embeds its texts; ` +
            `${isLast ? 'no more threads are started' : 'the next large call starts another one'}.`
        : `Embedding threads cannot start (${reason}): keep this package out of bundles, or pass threads: 1.`,
    );
  }
}
