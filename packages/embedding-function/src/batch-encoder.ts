import type { KernelCapabilities, LoadedKernel } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer } from '@model2vec-ts/tokenizer';
import { batchParts } from './batch-parts.js';
import { firstCodePoints } from './code-points.js';
import type { EncodeSettings } from './encode-options.js';

/** What decides on the vectors of a batch. */
export type BatchSettings = Pick<EncodeSettings, 'maxLength' | 'normalize'>;

/** Texts to embeddings, a batch at a time: what each thread has of its own. */
export class BatchEncoder {
  /** Values of one embedding. */
  readonly dim: number;
  readonly #tokenizer: Tokenizer;
  readonly #kernel: LoadedKernel;
  readonly #maxBatchTokens: number;
  /** Calls of an asynchronous kernel that have not come back. */
  readonly #pending: Set<Promise<unknown>> = new Set();

  constructor(
    tokenizer: Tokenizer,
    kernel: LoadedKernel,
    { maxBatchTokens }: Pick<KernelCapabilities, 'maxBatchTokens'>,
    dim: number,
  ) {
    this.dim = dim;
    this.#tokenizer = tokenizer;
    this.#kernel = kernel;
    this.#maxBatchTokens = maxBatchTokens;
  }

  /** Writes embeddings to the rows of `data` from `row` on; a promise comes back only from an asynchronous kernel. */
  encode(
    texts: readonly string[],
    { maxLength, normalize }: BatchSettings,
    data: Float32Array,
    row: number,
  ): Promise<unknown> | undefined {
    return this.pool(this.tokens(texts, maxLength), data, row, normalize);
  }

  /** Ids of texts that were cut as the reference cuts them, without those of unknown tokens. */
  tokens(texts: readonly string[], maxLength: number | null): TokenBatch {
    const tokenizer = this.#tokenizer;
    if (maxLength === null) return tokenizer.encodeBatch(texts, { dropUnknown: true });
    const cut = maxLength * tokenizer.medianTokenLength;
    return tokenizer.encodeBatch(
      texts.map((text) => firstCodePoints(text, cut)),
      { maxTokens: maxLength, dropUnknown: true },
    );
  }

  /** The second half of {@link BatchEncoder.encode}. */
  pool(batch: TokenBatch, data: Float32Array, row: number, normalize: boolean): Promise<unknown> | undefined {
    const calls: Promise<void>[] = [];
    for (const part of batchParts(batch, this.#maxBatchTokens)) {
      const out = data.subarray((row + part.first) * this.dim);
      const call = this.#kernel.pool(part.batch, out, { normalize });
      if (call !== undefined) calls.push(call);
    }
    if (calls.length === 0) return undefined;
    const all = Promise.all(calls);
    this.#pending.add(all);
    return all.finally(() => this.#pending.delete(all));
  }

  /** Lets go of the kernel, once its calls have come back. No call may follow. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#kernel.dispose();
  }
}
