import type { LoadedKernel } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer, TokenizerEncodeOptions, TokenSink } from '@model2vec-ts/tokenizer';
import { TokenBuffer } from '@model2vec-ts/tokenizer/lazy';

/** Ids that memory of our own is kept for; one huge batch must not hold its memory for good. */
const KEPT_IDS = 1 << 16;

/**
 * Reads the tokens of one batch after another into the same memory: the kernel's own where it has some, so that ids are
 * pooled where they were written. For kernels that are done when they return, as each batch takes the place of the one
 * before.
 *
 * Works against the fixed cost of a call, most of the time that a single short text takes: nothing is allocated for it.
 */
export class TokenScratch {
  readonly #tokenizer: Tokenizer;
  readonly #kernel: LoadedKernel;
  #sink: TokenSink;
  /** What the sink began with; another array has taken its place where that was too small. */
  #room: Uint32Array;
  #offsets: Uint32Array = new Uint32Array(2);

  constructor(tokenizer: Tokenizer, kernel: LoadedKernel) {
    this.#tokenizer = tokenizer;
    this.#kernel = kernel;
    this.#sink = this.#newSink();
    this.#room = this.#sink.ids;
  }

  /** The tokens of each text, valid until the next call. */
  read(texts: readonly string[], options: TokenizerEncodeOptions): TokenBatch {
    if (this.#sink.ids !== this.#room && !this.#isWorthKeeping()) {
      this.#sink = this.#newSink();
      this.#room = this.#sink.ids;
    }
    const sink = this.#sink;
    sink.length = 0;
    if (this.#offsets.length !== texts.length + 1) this.#offsets = new Uint32Array(texts.length + 1);
    const offsets = this.#offsets;
    if (texts.length === 1) {
      this.#tokenizer.encodeInto(texts[0]!, sink, options);
      offsets[1] = sink.length;
    } else {
      this.#tokenizer.encodeBatchInto(texts, sink, offsets, options);
    }
    return { ids: sink.ids, offsets };
  }

  #isWorthKeeping(): boolean {
    return this.#kernel.tokenSink === undefined && this.#sink.ids.length <= KEPT_IDS;
  }

  #newSink(): TokenSink {
    return this.#kernel.tokenSink?.() ?? new TokenBuffer();
  }
}
