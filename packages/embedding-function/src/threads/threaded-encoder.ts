import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { platform } from '#threads/worker-thread';
import type { BatchEncoder } from '../batch-encoder.js';
import type { EncodeOptions, EncodeSettings } from '../encode-options.js';
import type { NewMatrix } from '../new-matrix.js';
import type { TextBatches } from '../text-stream.js';
import { type PartsOf, ThreadPool } from './thread-pool.js';
import { ThreadedCall } from './threaded-call.js';
import { ThreadedStream } from './threaded-stream.js';

/** Encodes on several threads, the calling one among them. Loaded when a call is first worth it. */
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

  /** Why the calling thread is the only one; absent where it is not. */
  get problem(): string | undefined {
    return this.#pool.problem;
  }

  /** Whether a thread has been asked for. */
  get isStarted(): boolean {
    return this.#pool.isStarted;
  }

  /** Has at least so many threads, the calling one included, as far as there can be so many. */
  start(threads: number): void {
    this.#pool.start(threads - 1);
  }

  /** Writes the embeddings of all texts to `matrix`. */
  async encode(
    texts: readonly string[],
    settings: EncodeSettings,
    matrix: NewMatrix,
    check: () => void,
    options: EncodeOptions,
  ): Promise<void> {
    const call = new ThreadedCall(this.#pool, this.#encoder, texts, settings, matrix, this.#threads);
    await call.run(check, options);
  }

  /** Embeddings of batches as they come, in order. */
  stream(
    batches: Pick<TextBatches, 'next' | 'return'>,
    settings: EncodeSettings,
    check: () => void,
    options: EncodeOptions,
  ): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    const stream = new ThreadedStream(this.#pool, this.#encoder, batches, settings, this.#threads);
    return stream.run(check, options);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
