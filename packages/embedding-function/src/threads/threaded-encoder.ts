import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { platform } from '#threads/worker-thread';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { CallerMatrix } from '../output/caller-matrix.js';
import type { OutputMatrix } from '../output/output-matrix.js';
import type { TextBatches } from '../text-batches.js';
import type { ThreadGauge } from './thread-gauge.js';
import type { ThreadLimit } from './thread-limit.js';
import { type PartsOf, ThreadPool } from './thread-pool.js';
import { ThreadedCall } from './threaded-call.js';
import { ThreadedStream } from './threaded-stream.js';

/** Encodes on several threads, including the calling one. Loaded by the first call that is worth it. */
export class ThreadedEncoder {
  readonly #pool: ThreadPool;
  readonly #encoder: BatchEncoder;
  readonly #threads: number;

  /** @param encoder - the calling thread's */
  constructor(encoder: BatchEncoder, threads: number, partsOf: PartsOf) {
    this.#encoder = encoder;
    this.#threads = threads;
    this.#pool = new ThreadPool(platform, threads - 1, partsOf);
  }

  /** Why only the calling thread runs; absent if others do. */
  get limit(): ThreadLimit | undefined {
    return this.#pool.limit;
  }

  /** Whether any thread was started. */
  get isStarted(): boolean {
    return this.#pool.isStarted;
  }

  /** Starts threads up to this number, including the calling one, within the limit. */
  start(threads: number): void {
    this.#pool.start(threads - 1);
  }

  /** Writes the embeddings of all texts to `matrix`. */
  async encode(
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: OutputMatrix,
    gauge: ThreadGauge | undefined,
    check: () => void,
    options: EncodeOptions,
  ): Promise<void> {
    const call = new ThreadedCall(this.#pool, this.#encoder, texts, settings, matrix, this.#threads, gauge);
    await call.run(check, options);
  }

  /** Yields the embeddings of batches in order, as they arrive. */
  stream(
    batches: Pick<TextBatches, 'next' | 'return'>,
    settings: EncodeSettings,
    own: CallerMatrix | undefined,
    gauge: ThreadGauge | undefined,
    check: () => void,
    options: EncodeOptions,
  ): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    const stream = new ThreadedStream(
      this.#pool,
      this.#encoder,
      batches,
      settings,
      own,
      this.#threads,
      gauge,
    );
    return stream.run(check, options);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
