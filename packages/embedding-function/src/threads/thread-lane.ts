import type { BatchSettings } from '../batch-encoder.js';
import type { EncoderParts, ThreadAnswer } from './thread-message.js';
import type { ThreadPlatform, WorkerThread } from './worker-thread.js';

/** Embeddings, row-major, or `undefined` if the calling thread must compute them. */
export type LaneResult = Float32Array<ArrayBuffer> | undefined;

type Encoded = Extract<ThreadAnswer, { type: 'encoded' }>;

/** Limit on result buffers kept for reuse. */
const MOST_SPARE = 4;

/** Events of a lane. */
export interface LaneEvents {
  /** It is ready for batches. */
  onReady(): void;
  /** It has encoded a batch. */
  onDone(): void;
  /** Its thread ended by itself. */
  onEnd(cause: unknown): void;
}

/** Another thread as seen by the calling one: a queue of a few batches. */
export class ThreadLane {
  readonly #thread: WorkerThread;
  readonly #waiting: Map<number, (answer: Encoded | undefined) => void> = new Map();
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

  /** Whether it is ready and has fewer than `depth` batches. */
  isFree(depth: number): boolean {
    return this.#state === 'ready' && this.#waiting.size < depth;
  }

  /**
   * Encodes a batch. Never rejects: resolves to `undefined` if it fails there, or if the thread ends first.
   *
   * @param memory - transferred to the thread, which puts the result in it if it is large enough
   */
  async encode(
    texts: readonly string[],
    settings: BatchSettings,
    memory: ArrayBuffer | undefined,
  ): Promise<LaneResult> {
    return (await this.#request(texts, settings, memory))?.values;
  }

  /**
   * Encodes a batch into shared memory. Resolves when the thread no longer writes to it, and returns whether it has
   * written everything.
   */
  async encodeInto(
    texts: readonly string[],
    settings: BatchSettings,
    memory: Float32Array,
  ): Promise<boolean> {
    return (await this.#request(texts, settings, memory)) !== undefined;
  }

  /** Returns memory of an earlier result for reuse. */
  spare(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** Keeps the memory of a result for reuse. */
  recycle({ buffer }: Float32Array<ArrayBuffer>): void {
    if (this.#spare.length < MOST_SPARE && !this.hasEnded) this.#spare.push(buffer);
  }

  /** Ends the thread, even in the middle of work. */
  async stop(): Promise<void> {
    this.#state = 'ended';
    try {
      await this.#thread.stop();
    } finally {
      this.#end();
    }
  }

  #request(
    texts: readonly string[],
    settings: BatchSettings,
    memory: ArrayBuffer | Float32Array | undefined,
  ): Promise<Encoded | undefined> {
    const id = this.#nextId++;
    if (this.#waiting.size === 0) this.#thread.hold();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      try {
        const transfer = memory === undefined || ArrayBuffer.isView(memory) ? [] : [memory];
        this.#thread.post({ type: 'encode', id, texts, settings, memory }, transfer);
      } catch {
        // There is not enough memory for the message.
        this.#settle({ type: 'failed', id });
      }
    });
  }

  #settle(answer: Exclude<ThreadAnswer, { type: 'loaded' }>): void {
    const resolve = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#thread.release();
    if (answer.type === 'encoded') this.#events.onDone();
    resolve?.(answer.type === 'encoded' ? answer : undefined);
  }

  #end(): void {
    this.#state = 'ended';
    this.#spare.length = 0;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
