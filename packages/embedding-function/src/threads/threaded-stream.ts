import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { CallerMatrix } from '../output/caller-matrix.js';
import type { TextBatches } from '../text-batches.js';
import { TimeSlice } from '../time-slice.js';
import { countUnits, LEAST_UNITS } from './text-batch.js';
import type { ThreadGauge } from './thread-gauge.js';
import type { ThreadLane } from './thread-lane.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/** Limit on batches of another thread: one in progress and one queued, so that it never waits. */
const DEPTH = 2;

/** A batch from reading to yielding. */
interface Place {
  readonly count: number;
  /** Empty once they are encoded. */
  texts: readonly string[];
  state: 'read' | 'away' | 'done' | 'again';
  values: Float32Array<ArrayBuffer> | undefined;
  /** Lane whose memory holds the values; absent if they have their own. */
  lane: ThreadLane | undefined;
}

/** A stream on several threads, the calling one included. Batches stay in order. */
export class ThreadedStream {
  readonly #pool: ThreadPool;
  readonly #encoder: BatchEncoder;
  readonly #batches: Pick<TextBatches, 'next' | 'return'>;
  readonly #settings: EncodeSettings;
  /** Memory of the caller, to which each batch is copied. */
  readonly #own: CallerMatrix | undefined;
  /** Memory of this thread's copied batches, for reuse. */
  readonly #spare: Float32Array<ArrayBuffer>[] = [];
  readonly #threads: number;
  /** Decides whether other threads get batches; without it they always do. */
  readonly #gauge: ThreadGauge | undefined;
  /** UTF-16 units that were embedded since the gauge last counted. */
  #units = 0;
  readonly #places: Place[] = [];
  readonly #wakeUp = new WakeUp();
  #isReading = false;
  #isOver = false;
  /** End of the source, with its error if it failed. */
  #end: { readonly error?: unknown } | undefined;

  constructor(
    pool: ThreadPool,
    encoder: BatchEncoder,
    batches: Pick<TextBatches, 'next' | 'return'>,
    settings: EncodeSettings,
    own: CallerMatrix | undefined,
    threads: number,
    gauge: ThreadGauge | undefined,
  ) {
    this.#pool = pool;
    this.#encoder = encoder;
    this.#batches = batches;
    this.#settings = settings;
    this.#own = own;
    this.#threads = threads;
    this.#gauge = gauge;
  }

  /** @param check - throws if the call must end */
  async *run(
    check: () => void,
    { signal, onProgress }: EncodeOptions,
  ): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    const { wake } = this.#wakeUp;
    const unlisten = this.#pool.onChange(wake);
    signal?.addEventListener('abort', wake);
    let done = 0;
    const slice = new TimeSlice();
    this.#gauge?.begin();
    try {
      while (this.#end === undefined || this.#places.length > 0) {
        signal?.throwIfAborted();
        check();
        this.#note();
        this.#read();
        if (this.#usesThreads) this.#handOut();
        const [first] = this.#places;
        if (first?.state === 'done') {
          this.#places.shift();
          done += first.count;
          onProgress?.({ done });
          yield this.#matrixOf(first);
        } else if (this.#encodeHere()) {
          if (this.#pool.isReady && !this.#usesThreads) await slice.pause();
          else await this.#pool.platform.laterTask();
        } else if (!(await this.#wakeUp.wait(PATIENCE)) && first?.state === 'away') first.state = 'again';
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
    // One per thread, and one for the thread that finishes first. More live objects make V8 use more memory, so read no
    // further.
    const most = this.#pool.isReady && this.#usesThreads ? this.#threads + 1 : 1;
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
        // This thread may have given up waiting for it.
        if (values !== undefined && (this.#isOver || place.state === 'done')) lane.recycle(values);
        if (place.state === 'done') return;
        if (values === undefined) place.state = 'again';
        else if (!this.#isOver) this.#finish(place, values, lane);
        this.#wakeUp.wake();
      });
    }
  }

  /**
   * Encodes a batch on this thread, and returns whether there was one. A batch returned without a result waits until
   * all before it are yielded, so that its error comes in order.
   */
  #encodeHere(): boolean {
    const place = this.#places.find(({ state }, i) => state === 'read' || (state === 'again' && i === 0));
    if (place === undefined) return false;
    const size = place.texts.length * this.#encoder.dim;
    const spare = this.#spare.pop();
    const values = spare !== undefined && spare.length >= size ? spare : new Float32Array(size);
    try {
      // Returns no promise: kernels that share their table are synchronous.
      void this.#encoder.encode(place.texts, this.#settings, values, 0);
    } catch (error) {
      if (place === this.#places[0]) throw error;
      place.state = 'again';
      return true;
    }
    this.#finish(place, values, undefined);
    return true;
  }

  get #usesThreads(): boolean {
    return this.#gauge?.usesThreads ?? true;
  }

  #note(): void {
    const away = this.#places.filter(({ state }) => state === 'away').length;
    this.#gauge?.note({ units: this.#units, away, isReady: this.#pool.isReady });
    this.#units = 0;
  }

  #finish(place: Place, values: Float32Array<ArrayBuffer>, lane: ThreadLane | undefined): void {
    if (this.#gauge !== undefined) this.#units += countUnits(place.texts, Number.POSITIVE_INFINITY);
    place.state = 'done';
    place.values = values;
    place.lane = lane;
    place.texts = [];
  }

  #matrixOf(place: Place): EmbeddingMatrix {
    const own = this.#own;
    if (own === undefined) return new EmbeddingMatrix(valuesOf(place), place.count, this.#encoder.dim);
    const { values, lane, count } = place;
    own.reach();
    own.data.set(values!.subarray(0, count * this.#encoder.dim));
    if (lane === undefined) this.#spare.push(values!);
    else lane.recycle(values!);
    return own.finish(count);
  }

  async #stopReading(): Promise<void> {
    const ended = this.#batches.return().catch(() => undefined);
    // A silent source closes only after its pending read, so do not wait for it.
    if (!this.#isReading) await ended;
  }
}

function placeOf(texts: readonly string[]): Place {
  return { count: texts.length, texts, state: 'read', values: undefined, lane: undefined };
}

/** Returns the values of a finished batch in their own memory. */
function valuesOf({ values, lane }: Place): Float32Array {
  if (lane === undefined) return values!;
  // V8 ignores memory of other threads when it schedules garbage collection, so 50 MiB of unused matrices would pile
  // up.
  const own = values!.slice();
  lane.recycle(values!);
  return own;
}
