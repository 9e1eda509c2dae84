import type { KernelCapabilities, LoadedKernel } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer, TokenizerEncodeOptions } from '@model2vec-ts/tokenizer';
import type { batchParts } from './batch-parts.js';
import { firstCodePoints } from './code-points.js';
import type { EncodeSettings } from './encode-options.js';
import { TokenScratch } from './token-scratch.js';

/** Settings that affect the vectors of a batch. */
export type BatchSettings = Pick<EncodeSettings, 'maxLength' | 'normalize'>;

const NORMALIZED = { normalize: true };
const AS_IT_IS = { normalize: false };

/** Turns texts into embeddings, a batch at a time. Each thread has its own. */
export class BatchEncoder {
  /** Values of one embedding. */
  readonly dim: number;
  readonly #tokenizer: Tokenizer;
  readonly #medianTokenLength: number;
  readonly #kernel: LoadedKernel;
  readonly #maxBatchTokens: number;
  /** Absent with a kernel that takes batches of any size. */
  #batchParts: typeof batchParts | undefined;
  /** Absent with an asynchronous kernel, which needs its tokens until it is done. */
  readonly #scratch: TokenScratch | undefined;
  /** Options of the previous call, reused because they rarely change. */
  #options: TokenizerEncodeOptions = { maxTokens: null, dropUnknown: true };
  /** Pending calls of an asynchronous kernel. */
  readonly #pending: Set<Promise<unknown>> = new Set();

  private constructor(
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

  static async create(
    tokenizer: Tokenizer,
    kernel: LoadedKernel,
    capabilities: Pick<KernelCapabilities, 'maxBatchTokens' | 'synchronous'>,
    dim: number,
  ): Promise<BatchEncoder> {
    const encoder = new BatchEncoder(tokenizer, kernel, capabilities, dim);
    if (Number.isFinite(capabilities.maxBatchTokens)) {
      encoder.#batchParts = (await import('./batch-parts.js')).batchParts;
    }
    return encoder;
  }

  /** Writes embeddings to the rows of `data` from `row` on. Returns a promise only with an asynchronous kernel. */
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

  /** Returns the ids of texts, cut like the reference, without unknown tokens. */
  tokens(texts: readonly string[], maxLength: number | null): TokenBatch {
    return this.#tokenizer.encodeBatch(this.cut(texts, maxLength), this.#options);
  }

  /** Returns the ids of texts, cut like the reference, including unknown tokens. */
  allTokens(texts: readonly string[], maxLength: number | null): TokenBatch {
    return this.#tokenizer.encodeBatch(this.cut(texts, maxLength), { maxTokens: maxLength });
  }

  /** Pools tokens: the second half of {@link BatchEncoder.encode}. */
  pool(batch: TokenBatch, data: Float32Array, row: number, normalize: boolean): Promise<unknown> | undefined {
    const { offsets } = batch;
    const options = normalize ? NORMALIZED : AS_IT_IS;
    if (offsets[offsets.length - 1]! <= this.#maxBatchTokens) {
      const out = row === 0 ? data : data.subarray(row * this.dim);
      const call = this.#kernel.pool(batch, out, options);
      return call === undefined ? undefined : this.#track([call]);
    }
    const calls: Promise<void>[] = [];
    for (const part of this.#batchParts!(batch, this.#maxBatchTokens)) {
      const out = data.subarray((row + part.first) * this.dim);
      const call = this.#kernel.pool(part.batch, out, options);
      if (call !== undefined) calls.push(call);
    }
    return calls.length === 0 ? undefined : this.#track(calls);
  }

  /** Disposes the kernel after its pending calls. No call may follow. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#kernel.dispose();
  }

  /** Cuts texts that are too long, and sets {@link BatchEncoder.#options}. Usually returns the array itself. */
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
