import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { CallerMatrix } from '../output/caller-matrix.js';
import { isShared, type OutputMatrix } from '../output/output-matrix.js';
import type { TextBatches } from '../text-batches.js';
import type { SharedParts } from './shared-parts.js';
import { countUnits, FEWEST_TEXTS } from './text-batch.js';
import { ThreadGauge } from './thread-gauge.js';
import type { ThreadLimit } from './thread-limit.js';
import type { ThreadPlan } from './thread-plan.js';
import type { ThreadedEncoder } from './threaded-encoder.js';

/** Text per thread from which a thread helps, in UTF-16 units: a millisecond of work. */
const WORTH_HELP = 1 << 16;
/** Text of a call from which `auto` starts threads, in UTF-16 units: their start takes about as long as the work. */
const WORTH_START = 1 << 22;

/** The other threads of an embedder, which start when a call needs them. */
export class Threads {
  readonly #plan: ThreadPlan;
  /** What threads are made from; absent after close. */
  #parts: { readonly encoder: BatchEncoder; readonly shared: SharedParts } | undefined;
  #loading: Promise<ThreadedEncoder | undefined> | undefined;
  #threaded: ThreadedEncoder | undefined;
  #notLoaded: ThreadLimit | undefined;
  /** A gauge for each kind of call, since they gain differently; only with `auto`. */
  readonly #gauges: { readonly [kind in 'call' | 'in place' | 'stream']: ThreadGauge } | undefined;
  /** Gauge of the latest call. */
  #gauge: ThreadGauge | undefined;

  /** @param encoder - the calling thread's */
  constructor(plan: ThreadPlan, encoder: BatchEncoder, shared: SharedParts) {
    this.#plan = plan;
    this.#parts = { encoder, shared };
    if (plan.eager) return;
    this.#gauges = { call: new ThreadGauge(), 'in place': new ThreadGauge(), stream: new ThreadGauge() };
  }

  /** Number of threads of large calls, the calling one included. */
  get count(): number {
    return this.limit === undefined ? this.#plan.threads : 1;
  }

  /** Why {@link Threads.count} is 1, which shows only when threads are used. */
  get limit(): ThreadLimit | undefined {
    const gain = this.#gauge?.gain;
    return this.#failure ?? (gain !== undefined && gain <= 1 ? { code: 'no-gain', gain } : undefined);
  }

  /** Why no call can use threads any more. */
  get #failure(): ThreadLimit | undefined {
    return this.#notLoaded ?? this.#threaded?.limit;
  }

  /** Whether several threads finish a call sooner. */
  isWorth(texts: readonly string[], { batchSize }: EncodeSettings): boolean {
    if (this.#failure !== undefined || batchSize < FEWEST_TEXTS) return false;
    const least = this.#least;
    return countUnits(texts, least) >= least;
  }

  /**
   * Writes the embeddings of all texts to `matrix`.
   *
   * @param check - throws if the call must end
   * @returns `false` if no threads could be used and nothing was written
   */
  async encode(
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: OutputMatrix,
    check: () => void,
    options: EncodeOptions = {},
  ): Promise<boolean> {
    const threaded = await this.#load();
    check();
    if (threaded === undefined) return false;
    threaded.start(countUnits(texts, this.#plan.threads * WORTH_HELP) / WORTH_HELP);
    this.#gauge = this.#gauges?.[isShared(matrix) ? 'in place' : 'call'];
    await threaded.encode(texts, settings, matrix, this.#gauge, check, options);
    return true;
  }

  /** Yields the embeddings of batches in order, as they arrive; `undefined` with only one thread. */
  async stream(
    batches: TextBatches,
    settings: EncodeSettings,
    own: CallerMatrix | undefined,
    check: () => void,
    options: EncodeOptions = {},
  ): Promise<AsyncGenerator<EmbeddingMatrix, void, undefined> | undefined> {
    if (this.#failure !== undefined || settings.batchSize < FEWEST_TEXTS) return undefined;
    const threaded = await this.#load();
    this.#gauge = this.#gauges?.stream;
    return threaded?.stream(this.#starting(threaded, batches), settings, own, this.#gauge, check, options);
  }

  /** Ends the threads, and with them their calls. */
  async close(): Promise<void> {
    // They hold the model.
    this.#parts = undefined;
    unclosed?.unregister(this);
    await this.#loading;
    await this.#threaded?.close();
    this.#loading = undefined;
    this.#threaded = undefined;
  }

  get #least(): number {
    return this.#plan.eager || this.#threaded?.isStarted ? WORTH_HELP : WORTH_START;
  }

  /** Reads the batches of a stream, and starts threads as soon as it is long enough to be worth them. */
  #starting(threaded: ThreadedEncoder, batches: TextBatches): Pick<TextBatches, 'next' | 'return'> {
    let units = 0;
    return {
      next: async () => {
        const result = await batches.next();
        units += countUnits(result.value ?? [], Number.POSITIVE_INFINITY);
        if (units >= this.#least) threaded.start(units / WORTH_HELP);
        return result;
      },
      return: () => batches.return(),
    };
  }

  #load(): Promise<ThreadedEncoder | undefined> {
    this.#loading ??= this.#loaded();
    return this.#loading;
  }

  async #loaded(): Promise<ThreadedEncoder | undefined> {
    try {
      // Loaded on demand: programs with one thread never need it.
      const { ThreadedEncoder: Encoder } = await import('./threaded-encoder.js');
      if (this.#parts === undefined) return undefined;
      const { encoder, shared } = this.#parts;
      const { kernel, tokenizerJson } = shared;
      const { maxBatchTokens, synchronous } = shared.capabilities;
      this.#threaded = new Encoder(encoder, this.#plan.threads, (thread) => ({
        table: kernel.share!(thread),
        capabilities: { maxBatchTokens, synchronous },
        dim: encoder.dim,
        tokenizerJson,
      }));
    } catch (error) {
      this.#notLoaded = { code: 'not-loaded', reason: String(error) };
      return undefined;
    }
    unclosed?.register(this, this.#threaded, this);
    return this.#threaded;
  }
}

/** Ends the threads of embedders that were dropped without being closed. */
const unclosed: FinalizationRegistry<ThreadedEncoder> | undefined =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry((threaded) => void threaded.close());
