import { type LaneEvents, ThreadLane } from './thread-lane.js';
import type { EncoderParts } from './thread-message.js';
import type { ThreadPlatform } from './worker-thread.js';

/** So many threads may end in a row without a batch done before no more are started. */
const MOST_FAILURES = 3;

/** Makes the parts of thread `thread`, 1 and up. */
export type PartsOf = (thread: number) => EncoderParts;

/** The threads besides the calling one. They are started when they are first asked for, and stay. */
export class ThreadPool {
  readonly platform: ThreadPlatform;
  /** Why there are no threads any more; absent while there can be. */
  problem: string | undefined;
  readonly #partsOf: PartsOf;
  readonly #lanes: (ThreadLane | undefined)[];
  readonly #onChange: Set<() => void> = new Set();
  /** Threads that are being ended. */
  readonly #ending: Set<Promise<void>> = new Set();
  readonly #laneEvents: LaneEvents = {
    onReady: () => this.#notify(),
    onDone: () => {
      this.#failures = 0;
    },
    onEnd: (cause) => {
      this.#noteFailure(cause);
      this.#notify();
    },
  };
  #failures = 0;
  #isClosed = false;

  /** @param size - how many threads besides the calling one */
  constructor(platform: ThreadPlatform, size: number, partsOf: PartsOf) {
    this.platform = platform;
    this.#partsOf = partsOf;
    this.#lanes = Array.from({ length: size }, () => undefined);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether a thread has been asked for. */
  get isStarted(): boolean {
    return this.#lanes.some((lane) => lane !== undefined);
  }

  /** Whether a thread has loaded. */
  get isReady(): boolean {
    return this.#lanes.some((lane) => lane?.isReady);
  }

  /** Starts threads that are not there, at most `count` in all. */
  start(count: number): void {
    for (let i = 0; i < Math.min(count, this.#lanes.length); i++) {
      if (this.#isClosed || this.problem !== undefined) return;
      const lane = this.#lanes[i];
      if (lane !== undefined && !lane.hasEnded) continue;
      try {
        this.#lanes[i] = new ThreadLane(this.platform, this.#partsOf(i + 1), this.#laneEvents);
      } catch (error) {
        this.#noteFailure(error);
      }
    }
  }

  /** A thread that takes another batch now, having less than `depth`. */
  freeLane(depth: number): ThreadLane | undefined {
    return this.#lanes.find((lane) => lane?.isFree(depth));
  }

  /** Told when a thread has loaded or ended. */
  onChange(listener: () => void): () => void {
    this.#onChange.add(listener);
    return () => this.#onChange.delete(listener);
  }

  /** Ends all threads; resolves when they have ended. What they had to do gives no result. */
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
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const isLast = this.#failures >= MOST_FAILURES;
    if (isLast) this.problem = `threads end before they have done anything (${why})`;
    this.platform.warn(
      `A thread of model2vec ended by itself (${why}). Its texts are encoded by the calling thread; ` +
        `${isLast ? 'no more threads are started' : 'the next large call starts another'}.`,
    );
  }
}
