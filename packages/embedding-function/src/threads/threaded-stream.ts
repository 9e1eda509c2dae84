import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { TextBatches } from '../text-stream.js';
import { countUnits, LEAST_UNITS } from './text-batch.js';
import type { ThreadPool } from './thread-pool.js';
import { PATIENCE, WakeUp } from './wake-up.js';

/** Batches read ahead of the one that is given out, for each thread; while there is but one, none is. */
const AHEAD = 2;

/** A batch between its being read and its being given out. */
interface Place {
  readonly texts: readonly string[];
  state: 'read' | 'away' | 'done' | 'again';
  values: Float32Array | undefined;
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
          done += first.texts.length;
          onProgress?.({ done });
          yield new EmbeddingMatrix(first.values!, first.texts.length, this.#encoder.dim);
        } else if (this.#encodeHere()) await this.#pool.platform.laterTask();
        else if (!(await this.#wakeUp.wait(PATIENCE)) && first?.state === 'away') first.state = 'again';
      }
    } finally {
      unlisten();
      signal?.removeEventListener('abort', wake);
      await this.#stopReading();
    }
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
  }

  #read(): void {
    const most = this.#pool.isReady ? AHEAD * this.#threads : 1;
    if (this.#isReading || this.#end !== undefined || this.#places.length >= most) return;
    this.#isReading = true;
    const take = async (): Promise<void> => {
      try {
        const { done, value } = await this.#batches.next();
        if (done === true) this.#end = {};
        else this.#places.push({ texts: value, state: 'read', values: undefined });
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
      const lane = this.#pool.freeLane();
      if (lane === undefined) return;
      place.state = 'away';
      const texts = this.#encoder.cut(place.texts, maxLength);
      void lane.encode(texts, { maxLength, normalize }, lane.spare()).then((values) => {
        if (values !== undefined) {
          // Memory that another thread made counts for nothing when V8 decides whether to collect garbage: 50 MiB of
          // matrices that nobody holds any more would pile up.
          if (place.state !== 'done') place.values = values.slice();
          lane.recycle(values);
        }
        if (place.state === 'done') return;
        place.state = values === undefined ? 'again' : 'done';
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
    place.values = values;
    place.state = 'done';
    return true;
  }

  async #stopReading(): Promise<void> {
    const ended = this.#batches.return().catch(() => undefined);
    // A source that is silent ends only after what was asked of it; nobody should wait for that.
    if (!this.#isReading) await ended;
  }
}
