import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { TextBatches } from '../text-stream.js';
import { countUnits, LEAST_UNITS } from './text-batch.js';
import type { ThreadLane } from './thread-lane.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/** Batches that another thread has at one time: one that it works on, and one so that it need not wait for the next. */
const DEPTH = 2;

/** A batch between its being read and its being given out. */
interface Place {
  readonly count: number;
  /** None once they are done. */
  texts: readonly string[];
  state: 'read' | 'away' | 'done' | 'again';
  values: Float32Array<ArrayBuffer> | undefined;
  /** Whose memory the values are in; absent where it is their own. */
  lane: ThreadLane | undefined;
}

/** One stream on several threads, the calling one among them: batches go in and come out in order. */
export class ThreadedStream {
  readonly #pool: ThreadPool;
  readonly #encoder: BatchEncoder;
  readonly #batches: Pick<TextBatches, 'next' | 'return'>;
  readonly #settings: EncodeSettings;
  readonly #threads: number;
  readonly #places: Place[] = [];
  readonly #wakeUp = new WakeUp();
  #isReading = false;
  #isOver = false;
  /** How the source ended. */
  #end: { readonly error?: unknown } | undefined;

  constructor(
    pool: ThreadPool,
    encoder: BatchEncoder,
    batches: Pick<TextBatches, 'next' | 'return'>,
    settings: EncodeSettings,
    threads: number,
  ) {
    this.#pool = pool;
    this.#encoder = encoder;
    this.#batches = batches;
    this.#settings = settings;
    this.#threads = threads;
  }

  /** @param check - throws where the call must end */
  async *run(
    check: () => void,
    { signal, onProgress }: EncodeOptions,
  ): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    const { wake } = this.#wakeUp;
    const unlisten = this.#pool.onChange(wake);
    signal?.addEventListener('abort', wake);
    let done = 0;
    try {
      while (this.#end === undefined || this.#places.length > 0) {
        signal?.throwIfAborted();
        check();
        this.#read();
        this.#handOut();
        const [first] = this.#places;
        if (first?.state === 'done') {
          this.#places.shift();
          done += first.count;
          onProgress?.({ done });
          yield new EmbeddingMatrix(valuesOf(first), first.count, this.#encoder.dim);
        } else if (this.#encodeHere()) await this.#pool.platform.laterTask();
        else if (!(await this.#wakeUp.wait(PATIENCE)) && first?.state === 'away') first.state = 'again';
      }
    } finally {
      unlisten();
      signal?.removeEventListener('abort', wake);
      this.#isOver = true;
      for (const { values, lane } of this.#places) if (values !== undefined) lane?.recycle(values);
      await this.#stopReading();
    }
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
  }

  #read(): void {
    // One for each thread, and one for whoever is done first. What is read lives until it is given out, and V8 takes the
    // more memory for new objects the more of them live on.
    const most = this.#pool.isReady ? this.#threads + 1 : 1;
    if (this.#isReading || this.#end !== undefined || this.#places.length >= most) return;
    this.#isReading = true;
    const take = async (): Promise<void> => {
      try {
        const { done, value } = await this.#batches.next();
        if (done === true) this.#end = {};
        else this.#places.push(placeOf(value));
      } catch (error) {
        this.#end = { error };
      }
      this.#isReading = false;
      this.#wakeUp.wake();
    };
    void take();
  }

  #handOut(): void {
    const { maxLength, normalize } = this.#settings;
    for (const place of this.#places) {
      if (place.state !== 'read' || countUnits(place.texts, LEAST_UNITS) < LEAST_UNITS) continue;
      const lane = this.#pool.freeLane(DEPTH);
      if (lane === undefined) return;
      place.state = 'away';
      const texts = this.#encoder.cut(place.texts, maxLength);
      void lane.encode(texts, { maxLength, normalize }, lane.spare()).then((values) => {
        // Not where it was not waited for.
        if (values !== undefined && (this.#isOver || place.state === 'done')) lane.recycle(values);
        if (place.state === 'done') return;
        if (values === undefined) place.state = 'again';
        else if (!this.#isOver) end(place, values, lane);
        this.#wakeUp.wake();
      });
    }
  }

  /**
   * Encodes a batch on this thread; whether there was any. One that came back without a result has its turn when all
   * before it are given out, so that an error comes where it belongs.
   */
  #encodeHere(): boolean {
    const place = this.#places.find(({ state }, i) => state === 'read' || (state === 'again' && i === 0));
    if (place === undefined) return false;
    const values = new Float32Array(place.texts.length * this.#encoder.dim);
    try {
      // No promise comes back: kernels that share their table pool at once.
      void this.#encoder.encode(place.texts, this.#settings, values, 0);
    } catch (error) {
      if (place === this.#places[0]) throw error;
      place.state = 'again';
      return true;
    }
    end(place, values, undefined);
    return true;
  }

  async #stopReading(): Promise<void> {
    const ended = this.#batches.return().catch(() => undefined);
    // A source that is silent ends only after what was asked of it; nobody should wait for that.
    if (!this.#isReading) await ended;
  }
}

function placeOf(texts: readonly string[]): Place {
  return { count: texts.length, texts, state: 'read', values: undefined, lane: undefined };
}

function end(place: Place, values: Float32Array<ArrayBuffer>, lane: ThreadLane | undefined): void {
  place.state = 'done';
  place.values = values;
  place.lane = lane;
  place.texts = [];
}

/** The values of a batch that is done, in memory of their own. */
function valuesOf({ values, lane }: Place): Float32Array {
  if (lane === undefined) return values!;
  // Memory that another thread made counts for nothing when V8 decides whether to collect garbage: 50 MiB of matrices
  // that nobody holds any more would pile up.
  const own = values!.slice();
  lane.recycle(values!);
  return own;
}
