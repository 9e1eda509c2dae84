import type { LoadedKernel } from '@model2vec-ts/pooling-kernels';
import type { TokenBatch, Tokenizer, TokenizerEncodeOptions, TokenSink } from '@model2vec-ts/tokenizer';
import { TokenBuffer } from '@model2vec-ts/tokenizer/lazy';

/** Limit on ids of reused memory, because one huge batch must not keep its memory. */
const KEPT_IDS = 1 << 16;

/**
 * Reads the tokens of each batch into the same memory, which is the kernel's own if it has a sink, so that ids are
 * pooled in place. For synchronous kernels only, because each batch overwrites the previous one.
 *
 * Bound by the fixed cost of a call, which dominates for a single short text; so nothing is allocated.
 */
export class TokenScratch {
  readonly #tokenizer: Tokenizer;
  readonly #kernel: LoadedKernel;
  #sink: TokenSink;
  /** First memory of the sink; the sink has another array if it was too small. */
  #room: Uint32Array;
  #offsets: Uint32Array = new Uint32Array(2);

  constructor(tokenizer: Tokenizer, kernel: LoadedKernel) {
    this.#tokenizer = tokenizer;
    this.#kernel = kernel;
    this.#sink = this.#newSink();
    this.#room = this.#sink.ids;
  }

  /** Returns the tokens of each text, valid until the next call. */
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
