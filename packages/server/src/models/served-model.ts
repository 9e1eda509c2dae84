import {
  EmbeddingMatrix,
  type Model2VecEmbeddingFunction,
  type TokenBatch,
} from '@model2vec-ts/embedding-function';
import { TokenDecoder } from '../decoding/token-decoder.js';
import { type EmbeddingInput, inputLength } from '../requests/embedding-input.js';
import { RequestError } from '../requests/request-error.js';
import type { EmbeddingResult, Truncation } from '../scheduling/embedding-job.js';
import { EmbeddingQueue, type PieceRecord, type QueueLimits } from '../scheduling/embedding-queue.js';
import { inputError, limitTokens, tokensOf } from '../scheduling/token-limits.js';

/** How to embed the input of a request. */
export interface EmbedOptions {
  /** @defaultValue the model's */
  readonly normalize?: boolean | undefined;
  /** Number of leading dimensions to keep. */
  readonly dimensions?: number | undefined;
  /** @defaultValue `right` */
  readonly truncation?: Truncation | undefined;
  /** Whose client may leave. */
  readonly request?: Pick<Request, 'signal'> | undefined;
}

/** Text that is embedded to check that a model works. */
const CANARY = 'the quick brown fox';
/** Limit on returned values for one vector per token, so that a small request cannot cause a response of gigabytes. */
const MOST_TOKEN_VALUES = 1 << 22;

/** A model that requests are embedded with. */
export class ServedModel {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly embedder: Model2VecEmbeddingFunction;
  /** When the model was loaded. */
  readonly created: Date = new Date();
  readonly #queue: EmbeddingQueue;
  readonly #limits: QueueLimits;
  readonly #canary: Float32Array;
  #decoder: TokenDecoder | undefined;

  constructor(
    name: string,
    aliases: readonly string[],
    embedder: Model2VecEmbeddingFunction,
    limits: QueueLimits,
    report: (record: PieceRecord) => void,
  ) {
    this.name = name;
    this.aliases = aliases;
    this.embedder = embedder;
    this.#limits = limits;
    this.#queue = new EmbeddingQueue(embedder, limits, report);
    this.#canary = embedder.encodeSync([CANARY]).data;
  }

  /** Number of waiting texts. */
  get queuedTexts(): number {
    return this.#queue.queuedTexts;
  }

  /**
   * @throws {@link RequestError} like `EmbeddingQueue.embed`, and `invalid-argument` for more dimensions than the model
   * has
   */
  async embed(input: EmbeddingInput, options: EmbedOptions = {}): Promise<EmbeddingResult> {
    const { dim } = this.embedder;
    const { normalize = this.embedder.normalize, dimensions = dim, truncation = 'right', request } = options;
    if (dimensions > dim) {
      const message = `\`dimensions\` must be at most ${dim}, which model ${this.name} has; found ${dimensions}`;
      throw new RequestError('invalid-argument', message, { param: 'dimensions' });
    }
    return this.#queue.embed(input, { normalize, dimensions, truncation }, request);
  }

  /** One vector per known token of each text, not normalised. */
  async embedTokens(input: EmbeddingInput, truncation: Truncation): Promise<readonly EmbeddingMatrix[]> {
    const { embedder } = this;
    const length = inputLength(input);
    const batch = tokensOf(embedder, input, truncation, 0, length);
    const { ids, offsets } = limitTokens(batch, truncation, embedder.maxLength);
    const most = Math.floor(MOST_TOKEN_VALUES / embedder.dim);
    if (ids.length > most) {
      throw new RequestError(
        'batch-too-large',
        `inputs must have at most ${most} tokens here; found ${ids.length}`,
      );
    }
    const { unknownId } = embedder.tokenizer;
    const known = ids.filter((id) => id !== unknownId);
    const single = { ids: known, offsets: Uint32Array.from({ length: known.length + 1 }, (_, i) => i) };
    const { data, dim } = await embedder
      .encodeTokens(single, { normalize: false })
      .catch((error: unknown) => Promise.reject(inputError(error)));
    let row = 0;
    return Array.from({ length }, (_, i) => {
      const rows = ids.subarray(offsets[i], offsets[i + 1]).filter((id) => id !== unknownId).length;
      const vectors = data.subarray(row * dim, (row + rows) * dim);
      row += rows;
      return new EmbeddingMatrix(vectors, rows, dim);
    });
  }

  /**
   * Decodes token ids to texts.
   *
   * @throws {@link RequestError} `unsupported-model`, or `batch-too-large` for too many tokens
   */
  decode({ ids, offsets }: TokenBatch, skipSpecialTokens: boolean): readonly string[] {
    const { tokens } = this.#limits;
    if (ids.length > tokens) {
      throw new RequestError(
        'batch-too-large',
        `\`ids\` must have at most ${tokens} tokens; found ${ids.length}`,
      );
    }
    // Parsed on first use, because few clients decode and `tokenizer.json` may have megabytes.
    this.#decoder ??= new TokenDecoder(this.embedder.tokenizer, this.embedder.tokenizerJson);
    const decoder = this.#decoder;
    return Array.from({ length: offsets.length - 1 }, (_, i) =>
      decoder.decode(ids.subarray(offsets[i], offsets[i + 1]), skipSpecialTokens),
    );
  }

  /** Embeds a text and compares the result with that at the start. */
  isHealthy(): boolean {
    try {
      const { data } = this.embedder.encodeSync([CANARY]);
      return data.every((value, i) => value === this.#canary[i]);
    } catch {
      return false;
    }
  }
}
