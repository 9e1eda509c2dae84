import type { BatchSettings } from '../batch-encoder.js';
import type { EncoderParts, ThreadAnswer } from './thread-message.js';
import type { ThreadPlatform, WorkerThread } from './worker-thread.js';

/** Embeddings, row-major, or `undefined` where they have to be made on the calling thread. */
export type LaneResult = Float32Array<ArrayBuffer> | undefined;

/** Memory of results that is kept for the next ones. */
const MOST_SPARE = 4;

/** What a lane tells of itself. */
export interface LaneEvents {
  /** It takes batches from now on. */
  onReady(): void;
  /** A batch has been encoded. */
  onDone(): void;
  /** Its thread has ended, and nobody ended it. */
  onEnd(cause: unknown): void;
}

/** Another thread, as the calling one sees it: a place for a few batches. */
export class ThreadLane {
  readonly #thread: WorkerThread;
  readonly #waiting: Map<number, (result: LaneResult) => void> = new Map();
  readonly #spare: ArrayBuffer[] = [];
  #state: 'loading' | 'ready' | 'ended' = 'loading';
  #nextId = 0;

  readonly #events: LaneEvents;

  constructor(platform: Pick<ThreadPlatform, 'start'>, parts: EncoderParts, events: LaneEvents) {
    this.#events = events;
    this.#thread = platform.start({
      onAnswer: (answer) => {
        if (answer.type === 'loaded') {
          this.#state = 'ready';
          events.onReady();
        } else this.#settle(answer);
      },
      onEnd: (cause) => {
        this.#end();
        events.onEnd(cause);
      },
    });
    this.#thread.post({ type: 'load', parts }, []);
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether it takes another batch, with less than `depth` there. */
  isFree(depth: number): boolean {
    return this.#state === 'ready' && this.#waiting.size < depth;
  }

  /**
   * Encodes a batch. Never rejects: what fails there, or has not come back when the thread ends, gives `undefined`.
   *
   * @param memory - is given away; the result lies in it where it is large enough
   */
  encode(
    texts: readonly string[],
    settings: BatchSettings,
    memory: ArrayBuffer | undefined,
  ): Promise<LaneResult> {
    const id = this.#nextId++;
    if (this.#waiting.size === 0) this.#thread.hold();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      try {
        this.#thread.post(
          { type: 'encode', id, texts, settings, memory },
          memory === undefined ? [] : [memory],
        );
      } catch {
        // For want of memory.
        this.#settle({ type: 'failed', id });
      }
    });
  }

  /** Memory of a result that was copied, to be used again. */
  spare(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** Takes the memory of a result back. */
  recycle({ buffer }: Float32Array<ArrayBuffer>): void {
    if (this.#spare.length < MOST_SPARE && !this.hasEnded) this.#spare.push(buffer);
  }

  /** Ends the thread, whatever it does. */
  stop(): Promise<void> {
    this.#end();
    return this.#thread.stop();
  }

  #settle(answer: Exclude<ThreadAnswer, { type: 'loaded' }>): void {
    const resolve = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#thread.release();
    if (answer.type === 'encoded') this.#events.onDone();
    resolve?.(answer.type === 'encoded' ? answer.values : undefined);
  }

  #end(): void {
    this.#state = 'ended';
    this.#spare.length = 0;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
