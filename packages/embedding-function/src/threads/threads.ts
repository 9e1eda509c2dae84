import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { NewMatrix } from '../new-matrix.js';
import type { TextBatches } from '../text-stream.js';
import { countUnits, FEWEST_TEXTS } from './text-batch.js';
import type { ThreadPlan } from './thread-plan.js';
import type { PartsOf } from './thread-pool.js';
import type { ThreadedEncoder } from './threaded-encoder.js';

/** What a call must have for each thread that helps, in UTF-16 units: a millisecond's work. */
const WORTH_HELP = 1 << 16;
/** What a call must have for threads to be started for it unasked: about the time that their start takes. */
const WORTH_START = 1 << 22;

/** The other threads of an embedder, which do not exist until a call needs them. */
export class Threads {
  readonly #plan: ThreadPlan;
  /** What threads are made from; absent once they are ended. */
  #parts: { readonly encoder: BatchEncoder; readonly partsOf: PartsOf } | undefined;
  #loading: Promise<ThreadedEncoder | undefined> | undefined;
  #threaded: ThreadedEncoder | undefined;
  #problem: string | undefined;

  /** @param encoder - the calling thread's */
  constructor(plan: ThreadPlan, encoder: BatchEncoder, partsOf: PartsOf) {
    this.#plan = plan;
    this.#parts = { encoder, partsOf };
  }

  /** Threads that take part in large calls, the calling one included. */
  get count(): number {
    return this.#trouble === undefined ? this.#plan.threads : 1;
  }

  /** Why {@link Threads.count} is less than what was asked for. */
  get limit(): string | undefined {
    return this.#trouble ?? this.#plan.limit;
  }

  /** Whether a call is done sooner on several threads. */
  isWorth(texts: readonly string[], { batchSize }: EncodeSettings): boolean {
    if (this.count === 1 || batchSize < FEWEST_TEXTS) return false;
    const least = this.#least;
    return countUnits(texts, least) >= least;
  }

  /**
   * Writes the embeddings of all texts to `matrix`.
   *
   * @param check - throws where the call must end
   * @returns whether it did; not where threads are found to be missing
   */
  async encode(
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: NewMatrix,
    check: () => void,
    options: EncodeOptions = {},
  ): Promise<boolean> {
    const threaded = await this.#load();
    check();
    if (threaded === undefined) return false;
    threaded.start(countUnits(texts, this.count * WORTH_HELP) / WORTH_HELP);
    await threaded.encode(texts, settings, matrix, check, options);
    return true;
  }

  /** Embeddings of batches as they come, in order; `undefined` where there is but one thread. */
  async stream(
    batches: TextBatches,
    settings: EncodeSettings,
    check: () => void,
    options: EncodeOptions = {},
  ): Promise<AsyncGenerator<EmbeddingMatrix, void, undefined> | undefined> {
    if (this.count === 1 || settings.batchSize < FEWEST_TEXTS) return undefined;
    const threaded = await this.#load();
    return threaded?.stream(this.#starting(threaded, batches), settings, check, options);
  }

  /** Ends the threads, and the calls that they work on. */
  async close(): Promise<void> {
    // The model goes with them.
    this.#parts = undefined;
    unclosed?.unregister(this);
    await this.#loading;
    await this.#threaded?.close();
    this.#loading = undefined;
    this.#threaded = undefined;
  }

  get #trouble(): string | undefined {
    return this.#problem ?? this.#threaded?.problem;
  }

  get #least(): number {
    return this.#plan.eager || this.#threaded?.isStarted ? WORTH_HELP : WORTH_START;
  }

  /** The batches of a stream, which starts threads once it has been worth it so far. */
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
      // Whoever stays on one thread does not load what several need.
      const { ThreadedEncoder: Encoder } = await import('./threaded-encoder.js');
      if (this.#parts === undefined) return undefined;
      const { encoder, partsOf } = this.#parts;
      this.#threaded = new Encoder(encoder, this.#plan.threads, partsOf);
    } catch (error) {
      this.#problem = `what several threads need cannot be loaded (${String(error)})`;
      return undefined;
    }
    unclosed?.register(this, this.#threaded, this);
    return this.#threaded;
  }
}

/** Ends the threads of embedders that were forgotten and not closed. */
const unclosed: FinalizationRegistry<ThreadedEncoder> | undefined =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry((threaded) => void threaded.close());
