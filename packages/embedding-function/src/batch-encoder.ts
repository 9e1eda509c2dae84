import type { KernelCapabilities, LoadedKernel } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer, TokenizerEncodeOptions } from '@model2vec-ts/tokenizer';
import { batchParts } from './batch-parts.js';
import { firstCodePoints } from './code-points.js';
import type { EncodeSettings } from './encode-options.js';
import { TokenScratch } from './token-scratch.js';

/** What decides on the vectors of a batch. */
export type BatchSettings = Pick<EncodeSettings, 'maxLength' | 'normalize'>;

const NORMALIZED = { normalize: true };
const AS_IT_IS = { normalize: false };

/** Texts to embeddings, a batch at a time: what each thread has of its own. */
export class BatchEncoder {
  /** Values of one embedding. */
  readonly dim: number;
  readonly #tokenizer: Tokenizer;
  readonly #medianTokenLength: number;
  readonly #kernel: LoadedKernel;
  readonly #maxBatchTokens: number;
  /** Absent where results come later, so that tokens must be kept until then. */
  readonly #scratch: TokenScratch | undefined;
  /** Those of the last call, as most have the same. */
  #options: TokenizerEncodeOptions = { maxTokens: null, dropUnknown: true };
  /** Calls of an asynchronous kernel that have not come back. */
  readonly #pending: Set<Promise<unknown>> = new Set();

  constructor(
    tokenizer: Tokenizer,
    kernel: LoadedKernel,
    { maxBatchTokens, synchronous }: Pick<KernelCapabilities, 'maxBatchTokens' | 'synchronous'>,
    dim: number,
  ) {
    this.dim = dim;
    this.#tokenizer = tokenizer;
    this.#medianTokenLength = tokenizer.medianTokenLength;
    this.#kernel = kernel;
    this.#maxBatchTokens = maxBatchTokens;
    this.#scratch = synchronous ? new TokenScratch(tokenizer, kernel) : undefined;
  }

  /** Writes embeddings to the rows of `data` from `row` on; a promise comes back only from an asynchronous kernel. */
  encode(
    texts: readonly string[],
    { maxLength, normalize }: BatchSettings,
    data: Float32Array,
    row: number,
  ): Promise<unknown> | undefined {
    const scratch = this.#scratch;
    if (scratch === undefined) return this.pool(this.tokens(texts, maxLength), data, row, normalize);
    return this.pool(scratch.read(this.cut(texts, maxLength), this.#options), data, row, normalize);
  }

  /** Ids of texts that were cut as the reference cuts them, without those of unknown tokens. */
  tokens(texts: readonly string[], maxLength: number | null): TokenBatch {
    return this.#tokenizer.encodeBatch(this.cut(texts, maxLength), this.#options);
  }

  /** Ids of texts that were cut as the reference cuts them, unknown tokens included. */
  allTokens(texts: readonly string[], maxLength: number | null): TokenBatch {
    return this.#tokenizer.encodeBatch(this.cut(texts, maxLength), { maxTokens: maxLength });
  }

  /** The second half of {@link BatchEncoder.encode}. */
  pool(batch: TokenBatch, data: Float32Array, row: number, normalize: boolean): Promise<unknown> | undefined {
    const { offsets } = batch;
    const options = normalize ? NORMALIZED : AS_IT_IS;
    if (offsets[offsets.length - 1]! <= this.#maxBatchTokens) {
      const out = row === 0 ? data : data.subarray(row * this.dim);
      const call = this.#kernel.pool(batch, out, options);
      return call === undefined ? undefined : this.#track([call]);
    }
    const calls: Promise<void>[] = [];
    for (const part of batchParts(batch, this.#maxBatchTokens)) {
      const out = data.subarray((row + part.first) * this.dim);
      const call = this.#kernel.pool(part.batch, out, options);
      if (call !== undefined) calls.push(call);
    }
    return calls.length === 0 ? undefined : this.#track(calls);
  }

  /** Lets go of the kernel, once its calls have come back. No call may follow. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#kernel.dispose();
  }

  /** The texts, each cut if need be, and {@link BatchEncoder.#options} to go with them. Mostly the array itself. */
  cut(texts: readonly string[], maxTokens: number | null): readonly string[] {
    if (this.#options.maxTokens !== maxTokens) this.#options = { maxTokens, dropUnknown: true };
    if (maxTokens === null) return texts;
    const limit = maxTokens * this.#medianTokenLength;
    for (let i = 0; i < texts.length; i++) {
      if (texts[i]!.length > limit) return texts.map((text) => firstCodePoints(text, limit));
    }
    return texts;
  }

  #track(calls: readonly Promise<void>[]): Promise<unknown> {
    const all = Promise.all(calls);
    this.#pending.add(all);
    return all.finally(() => this.#pending.delete(all));
  }
}
