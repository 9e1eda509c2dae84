import type { TokenBatch, TokenSink } from '../../token-batch.js';
import type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from '../../tokenizer.js';
import { VocabularyFacts } from '../../vocabulary-facts.js';

/**
 * How much text makes the fast path worth its 6 KB of code, in UTF-16 units: the readable one takes some ten milliseconds
 * for it.
 */
const WORTH_LOADING = 1 << 16;

/** A readable tokenizer, until it has been given enough text for the fast one to pay; ids and errors are the same. */
export class GrowingTokenizer extends VocabularyFacts implements Tokenizer {
  #tokenizer: Tokenizer;
  readonly #load: () => Promise<Tokenizer | undefined>;
  #units = 0;

  /** @param load - Imports the fast tokenizer; `undefined` where there is none. Called once. */
  constructor(readable: Tokenizer, load: () => Promise<Tokenizer | undefined>) {
    super();
    this.#tokenizer = readable;
    this.#load = load;
  }

  get path(): TokenizerPath {
    return this.#tokenizer.path;
  }

  protected get known(): Tokenizer {
    return this.#tokenizer;
  }

  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array {
    const ids = this.#tokenizer.encode(text, options);
    this.#count(text.length);
    return ids;
  }

  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void {
    this.#tokenizer.encodeInto(text, sink, options);
    this.#count(text.length);
  }

  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch {
    const batch = this.#tokenizer.encodeBatch(texts, options);
    for (const text of texts) this.#count(text.length);
    return batch;
  }

  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void {
    this.#tokenizer.encodeBatchInto(texts, sink, offsets, options);
    for (const text of texts) this.#count(text.length);
  }

  #count(units: number): void {
    this.#units += units;
    if (this.#units < WORTH_LOADING) return;
    // Never again: what cannot be imported now, as a page is off line, would fail for each text.
    this.#units = Number.NEGATIVE_INFINITY;
    this.#load().then(
      (fast) => {
        this.#tokenizer = fast ?? this.#tokenizer;
      },
      () => undefined,
    );
  }
}
