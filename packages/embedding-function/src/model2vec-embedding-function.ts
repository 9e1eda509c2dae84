/// <reference lib="esnext.disposable" preserve="true" />

import {
  type EmbeddingMatrix,
  type KernelCapabilities,
  type KernelError,
  type PoolingKernel,
  selectKernel,
} from '@model2vec-ts/pooling-kernels';
import type { StaticModel } from '@model2vec-ts/static-model';
import { loadStaticModel } from '@model2vec-ts/static-model/load';
import type { TokenBatch, Tokenizer } from '@model2vec-ts/tokenizer';
import { loadTokenizerLazily, prepareTokenizer } from '@model2vec-ts/tokenizer/lazy';
import { newMatrix } from '#output/new-matrix';
import { BatchEncoder } from './batch-encoder.js';
import { type CreateOptions, DEFAULT_MODEL, defaultSettings } from './create-options.js';
import type { EmbeddingFunction } from './embedding-function.js';
import { EmbeddingFunctionError, invalidArgument } from './embedding-function-error.js';
import { createAgain, useEncode } from './embedding-function-remedy.js';
import {
  type EncodeAsSequenceOptions,
  type EncodeOptions,
  type EncodeSettings,
  type EncodeSyncOptions,
  type EncodeTokensOptions,
  encodeSettings,
  type TokenizeOptions,
} from './encode-options.js';
import { type ModelFacts, modelFacts } from './model-facts.js';
import { CallerMatrix } from './output/caller-matrix.js';
import { emptyMatrix } from './output/empty-matrix.js';
import type { OutputMatrix } from './output/output-matrix.js';
import { checkTexts } from './text-list.js';
import { checkTextStream, openTextStream, type TextStream } from './text-stream.js';
import { type LoadedThreads, loadThreads } from './threads/load-threads.js';
import type { ThreadLimit } from './threads/thread-limit.js';
import { planFor, threadPlan } from './threads/thread-plan.js';
import { TimeSlice } from './time-slice.js';

/** Loaded by the first call that needs it. */
let tokenVectors: typeof import('./token-vectors.js') | undefined;

/** Everything that {@link Model2VecEmbeddingFunction.close} releases. */
interface Parts {
  readonly model: StaticModel;
  readonly encoder: BatchEncoder;
  readonly tokenizer: Tokenizer;
  readonly capabilities: KernelCapabilities;
  readonly threads: LoadedThreads;
}

/**
 * Turns text into Model2Vec's static embeddings: the vectors of Python's model2vec 0.10.0.
 *
 * An embedding is the mean of the vectors of the text's known tokens: `dim` float32 values, scaled to unit length if
 * `normalize` is set. A text without known tokens gives a zero vector. Results depend only on the text and the settings, not
 * on other texts, the batch size or the method.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 *
 * const embedder = await Model2VecEmbeddingFunction.create({ modelSource: 'minishlab/potion-base-8M' });
 * const documents = await embedder.encodeDocuments(['Alan Turing was born in London.', 'Milvus stores vectors.']);
 * const [query] = await embedder.encodeQueries(['Where was Alan Turing born?']);
 * console.log(embedder.dim, documents.length, query);
 * await embedder.close();
 * ```
 */
export class Model2VecEmbeddingFunction implements EmbeddingFunction {
  /** Values of one embedding. */
  readonly dim: number;
  /** Name of the kernel that pools, such as `js`. */
  readonly kernel: string;
  /** Default of the option `normalize`. */
  readonly normalize: boolean;
  /** Default of the option `maxLength`; `null` for all tokens. */
  readonly maxLength: number | null;
  /** Facts about the model. */
  readonly model: ModelFacts;

  readonly #settings: EncodeSettings;
  readonly #threads: LoadedThreads;
  readonly #reduction: string;
  #parts: Parts | undefined;
  #modelFingerprint: string | undefined;

  private constructor(parts: Parts, facts: ModelFacts, kernel: PoolingKernel, settings: EncodeSettings) {
    this.#parts = parts;
    this.#threads = parts.threads;
    this.#settings = settings;
    this.dim = parts.model.table.dim;
    this.kernel = kernel.name;
    this.#reduction = kernel.reduction ?? 'mean';
    this.normalize = settings.normalize;
    this.maxLength = settings.maxLength;
    this.model = facts;
  }

  /**
   * Loads a model, checks that its parts fit each other, and prepares the kernel.
   *
   * @throws {@link EmbeddingFunctionError} `invalid-argument` for a wrong option of this package
   * @throws `ModelError` if the model cannot be found, read or used, `TokenizerError` if its tokenizer cannot, `KernelError`
   *   if no kernel accepts it
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * const embedder = await Model2VecEmbeddingFunction.create({
   *   modelSource: new URL('https://example.com/models/my-model/'),
   *   dimensionality: 128,
   *   normalize: true,
   *   maxLength: null,
   *   signal: AbortSignal.timeout(60_000),
   *   onProgress: ({ file, loadedBytes }) => console.log(file, loadedBytes),
   * });
   * ```
   */
  static async create(options: CreateOptions = {}): Promise<Model2VecEmbeddingFunction> {
    // Passing a model's name instead of options, as in Python, would silently load the default model.
    if (typeof options !== 'object' || options === null) {
      throw invalidArgument('options', "an object such as { modelSource: 'org/name' }", options);
    }
    // Checked before anything is downloaded.
    defaultSettings(options, {});
    const asked = threadPlan(options.threads);
    prepareTokenizer();
    const { kernel: choice = 'auto' } = options;
    let kernel!: PoolingKernel;
    let tokenizer!: Tokenizer;
    const model = await loadStaticModel(options.modelSource ?? DEFAULT_MODEL, {
      ...options,
      allocateTable: (shape, openFile, openRanges) => {
        kernel = selectKernel(choice, shape);
        try {
          return kernel.allocateTable?.(shape, { ...asked, openFile, openRanges });
        } catch (error) {
          // Engines reserve 10 GB of addresses for a WebAssembly memory; a process with a memory limit may not get
          // them.
          if (choice !== 'auto' || (error as KernelError).code !== 'out-of-memory') throw error;
          kernel = selectKernel('js', shape);
          return undefined;
        }
      },
      readTokenizer: async (json, tables) => {
        tokenizer = await loadTokenizerLazily(json, { tables });
        return tokenizer;
      },
    });
    const settings = defaultSettings(options, model.config);
    const { name, capabilities } = kernel;
    const { tokenizerJson, table } = model;
    const loaded = await kernel.load(table, asked);
    const encoder = await BatchEncoder.create(tokenizer, loaded, capabilities, table.dim);
    const threads = await loadThreads(planFor(asked, name, loaded), encoder, {
      kernel: loaded,
      capabilities,
      tokenizerJson,
    });
    const facts = modelFacts(model, tokenizer);
    return new Model2VecEmbeddingFunction(
      { model, tokenizer, encoder, capabilities, threads },
      facts,
      kernel,
      settings,
    );
  }

  /** Number of threads that large calls like the latest one run on, the calling one included. */
  get threads(): number {
    return this.#threads.threads?.count ?? 1;
  }

  /**
   * Why {@link Model2VecEmbeddingFunction.threads} is less than requested: for example a page may not share memory, or
   * the kernel supports only one thread, or `auto` measured no gain. `undefined` if it is not less.
   */
  get threadLimit(): ThreadLimit | undefined {
    return this.#threads.limit ?? this.#threads.threads?.limit;
  }

  /**
   * Identifies everything that determines the vectors: SHA-256 of table and tokenizer, then the embedder's `normalize`
   * and `maxLength`, as in `9f86…0a08;normalize=true;max_length=512`. Store it with the vectors and compare it before
   * you add more, because vectors of another model with the same `dim` would go unnoticed. A kernel with another
   * reduction than the mean adds its `reduction`. Options of single calls are not included. Computed on first use,
   * which reads the whole table.
   */
  get fingerprint(): string {
    this.#modelFingerprint ??= this.#open().model.fingerprint;
    const settings = `normalize=${this.normalize};max_length=${this.maxLength ?? 'none'}`;
    const reduction = this.#reduction === 'mean' ? '' : `;reduction=${this.#reduction}`;
    return `${this.#modelFingerprint};${settings}${reduction}`;
  }

  /**
   * Embeds documents, in order. The embeddings are views of one buffer: copy one with `slice()` to keep it without the rest.
   *
   * Model2Vec embeds documents and queries alike; both names exist because Python's facade has them.
   *
   * @throws as {@link Model2VecEmbeddingFunction.encode}
   */
  async encodeDocuments(documents: readonly string[], options?: EncodeOptions): Promise<Float32Array[]> {
    return [...(await this.encode(documents, options))];
  }

  /**
   * Embeds queries, in order, like {@link Model2VecEmbeddingFunction.encodeDocuments}.
   *
   * @throws as {@link Model2VecEmbeddingFunction.encode}
   */
  async encodeQueries(queries: readonly string[], options?: EncodeOptions): Promise<Float32Array[]> {
    return [...(await this.encode(queries, options))];
  }

  /**
   * Embeds texts as one matrix with one row per text.
   *
   * The calling thread shares the work, and yields to the event loop between batches every few milliseconds.
   *
   * @param texts - an array; one text is `[text]`
   * @throws {@link EmbeddingFunctionError} `invalid-argument` if `texts` is no array of strings or an option is wrong, `closed`
   *   after {@link Model2VecEmbeddingFunction.close}
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * const embedder = await Model2VecEmbeddingFunction.create();
   * const matrix = await embedder.encode(['one text', 'another'], {
   *   normalize: true,
   *   signal: AbortSignal.timeout(5_000),
   *   onProgress: ({ done, total }) => console.log(`${done} of ${total}`),
   * });
   * console.log(matrix.rows, matrix.dim, matrix.row(0), matrix.data.byteLength);
   * ```
   */
  async encode(texts: readonly string[], options?: EncodeOptions): Promise<EmbeddingMatrix> {
    const settings = encodeSettings(options, this.#settings);
    checkTexts(texts);
    const { signal, onProgress } = options ?? {};
    signal?.throwIfAborted();
    const { threads } = this.#open().threads;
    const matrix: OutputMatrix =
      this.#own(options, texts.length)?.claim() ?? newMatrix(texts.length, this.dim);
    const check = () => void this.#open();
    try {
      if (threads?.isWorth(texts, settings)) {
        if (await threads.encode(texts, settings, matrix, check, options)) return matrix.finish();
      }
      const slice = new TimeSlice();
      for (let done = 0; done < texts.length; ) {
        if (done > 0) {
          await slice.pause();
          signal?.throwIfAborted();
        }
        const batch = batchOf(texts, done, settings.batchSize);
        const memory = matrix.reach(done + batch.length);
        if (memory !== undefined) await memory;
        const call = this.#open().encoder.encode(batch, settings, matrix.data, done);
        if (call !== undefined) await call;
        done += batch.length;
        onProgress?.({ done, total: texts.length });
      }
      return matrix.finish();
    } finally {
      matrix.release();
    }
  }

  /**
   * Embeds texts like {@link Model2VecEmbeddingFunction.encode}, but synchronously: it blocks the thread until it is
   * finished.
   *
   * @throws {@link EmbeddingFunctionError} `asynchronous-kernel` if the kernel is asynchronous; else as `encode`
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * const embedder = await Model2VecEmbeddingFunction.create({ kernel: 'js' });
   * const embedding = embedder.encodeSync(['a short query']).row(0);
   * console.log(embedding);
   * ```
   */
  encodeSync(texts: readonly string[], options?: EncodeSyncOptions): EmbeddingMatrix {
    const settings = encodeSettings(options, this.#settings);
    checkTexts(texts);
    const { capabilities, encoder } = this.#open();
    if (!capabilities.synchronous) {
      throw new EmbeddingFunctionError(
        'asynchronous-kernel',
        `kernel ${this.kernel} is asynchronous`,
        useEncode('js'),
      );
    }
    // Nothing else runs until the call ends, unless its progress is reported.
    const own = this.#own(options, texts.length)?.claim(options?.onProgress !== undefined);
    const matrix = own ?? emptyMatrix(texts.length, this.dim);
    try {
      for (let done = 0; done < texts.length; ) {
        const batch = batchOf(texts, done, settings.batchSize);
        own?.reach();
        // Returns no promise: the conformance suite tests `synchronous`.
        void encoder.encode(batch, settings, matrix.data, done);
        done += batch.length;
        options?.onProgress?.({ done, total: texts.length });
      }
      return own?.finish() ?? (matrix as EmbeddingMatrix);
    } finally {
      own?.release();
    }
  }

  /**
   * Embeds texts as they arrive and holds at most a batch of them: for files and databases of any size.
   *
   * Yields a matrix of at most `batchSize` rows per batch, in order. Together the rows are those of
   * {@link Model2VecEmbeddingFunction.encode}. Each matrix has its own memory, so you can keep
   * it; with `out`, which needs room for `batchSize` rows, each overwrites the previous one. The source is read only
   * when the next matrix is requested, and is closed if reading stops early.
   *
   * @param texts - any iterable or async iterable of strings
   * @throws {@link EmbeddingFunctionError} at the call for a wrong option or source, and while reading for an element that is
   *   no string; errors of the source pass through
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * async function* lines(): AsyncGenerator<string> {
   *   yield 'first line';
   *   yield 'second line';
   * }
   *
   * const embedder = await Model2VecEmbeddingFunction.create();
   * for await (const matrix of embedder.encodeStream(lines(), { batchSize: 256 })) {
   *   for (const embedding of matrix) console.log(embedding);
   * }
   * ```
   */
  encodeStream(texts: TextStream, options?: EncodeOptions): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    const settings = encodeSettings(options, this.#settings);
    checkTextStream(texts);
    this.#open();
    const own = this.#own(options, settings.batchSize);
    return this.#stream(texts, settings, own, options);
  }

  /**
   * Embeds tokens instead of texts: matrix `i` has one row per known token of text `i`, in order, times its weight; a text
   * without known tokens has no rows. Nothing is normalised, and the embedder's `maxLength` is ignored, as in the
   * reference's `encode_as_sequence`. Matrices are views of one buffer per batch.
   *
   * @throws as {@link Model2VecEmbeddingFunction.encode}
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * const embedder = await Model2VecEmbeddingFunction.create();
   * const [tokens] = await embedder.encodeAsSequence(['two words'], { maxLength: 64 });
   * console.log(tokens?.rows, tokens?.dim);
   * ```
   */
  async encodeAsSequence(
    texts: readonly string[],
    options?: EncodeAsSequenceOptions,
  ): Promise<EmbeddingMatrix[]> {
    const settings = encodeSettings(options, { ...this.#settings, maxLength: null });
    checkTexts(texts);
    options?.signal?.throwIfAborted();
    this.#open();
    const { tokenMatrices } = await import('./token-vectors.js');
    return tokenMatrices(texts, settings, options, () => this.#open().encoder);
  }

  /** The model's tokenizer. */
  get tokenizer(): Tokenizer {
    return this.#open().tokenizer;
  }

  /** `tokenizer.json` of the model, unparsed: for what {@link Model2VecEmbeddingFunction.tokenizer} leaves out. */
  get tokenizerJson(): Uint8Array {
    return this.#open().model.tokenizerJson;
  }

  /**
   * Returns the token ids of texts as {@link Model2VecEmbeddingFunction.encode} uses them, each text cut to `maxLength`
   * tokens, but including unknown tokens. Text `i` owns `ids[offsets[i] .. offsets[i + 1])`. Blocks the thread until it
   * is finished.
   *
   * @throws as {@link Model2VecEmbeddingFunction.encode}
   *
   * @example
   * ```ts
   * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
   *
   * const embedder = await Model2VecEmbeddingFunction.create();
   * const tokens = embedder.tokenize(['one text', 'another']);
   * console.log(tokens.ids.length, 'tokens', await embedder.encodeTokens(tokens));
   * ```
   */
  tokenize(texts: readonly string[], options?: TokenizeOptions): TokenBatch {
    const { maxLength } = encodeSettings(options, this.#settings);
    checkTexts(texts);
    return this.#open().encoder.allTokens(texts, maxLength);
  }

  /**
   * Embeds texts that are already tokenized: for the ids of {@link Model2VecEmbeddingFunction.tokenize}, the result of
   * `encode` for the texts. Ids of the unknown token are skipped. Blocks the thread until it is finished.
   *
   * @throws {@link EmbeddingFunctionError} `invalid-argument` for a wrong option, `KernelError` for a wrong batch or an
   *   id that the model lacks
   */
  async encodeTokens(tokens: TokenBatch, options?: EncodeTokensOptions): Promise<EmbeddingMatrix> {
    const { normalize } = encodeSettings(options, this.#settings);
    this.#open();
    // A dynamic import costs microseconds each time, even of a loaded module.
    tokenVectors ??= await import('./token-vectors.js');
    return tokenVectors.pooledTokens(this.#open(), tokens, normalize, options?.dimensionality);
  }

  /**
   * Releases the model, after pending calls of an asynchronous kernel. Later calls, and calls in progress, fail with an
   * {@link EmbeddingFunctionError} `closed`. Closing again does nothing.
   */
  async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    await parts?.threads.threads?.close();
    await parts?.encoder.dispose();
  }

  /** {@link Model2VecEmbeddingFunction.close} for `await using`; absent if the platform has no `Symbol.asyncDispose`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    if (Symbol.asyncDispose) {
      Object.defineProperty(Model2VecEmbeddingFunction.prototype, Symbol.asyncDispose, {
        value(this: Model2VecEmbeddingFunction): Promise<void> {
          return this.close();
        },
      });
    }
  }

  async *#stream(
    texts: TextStream,
    settings: EncodeSettings,
    own: CallerMatrix | undefined,
    options: EncodeOptions | undefined,
  ): AsyncGenerator<EmbeddingMatrix, void, undefined> {
    options?.signal?.throwIfAborted();
    const source = openTextStream(texts);
    const { matrixStream } = await import('./matrix-stream.js');
    yield* matrixStream(source, settings, own, options, () => this.#open());
  }

  /** The caller's memory as a matrix; `undefined` without `out`. */
  #own(options: EncodeSyncOptions | undefined, rows: number): CallerMatrix | undefined {
    const out = options?.out;
    return out === undefined ? undefined : new CallerMatrix(out, rows, this.dim);
  }

  #open(): Parts {
    if (this.#parts === undefined) {
      throw new EmbeddingFunctionError('closed', 'this embedding function was closed', createAgain());
    }
    return this.#parts;
  }
}

/** A batch of the texts, or the array itself if it is one batch. */
function batchOf(texts: readonly string[], start: number, size: number): readonly string[] {
  return texts.length <= size ? texts : texts.slice(start, start + size);
}
