import type { TokenBatch, TokenSink } from '../token-batch.js';
import type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from '../tokenizer.js';
import { VocabularyFacts } from '../vocabulary-facts.js';

/** Makes the fast tokenizer and passes it on, at once or later; `undefined` if there is none. */
export type Grow = (use: (fast: Tokenizer | undefined) => void) => void;

/** A readable tokenizer that switches to the fast path before it reads much text. Ids and errors stay the same. */
export class GrowingTokenizer extends VocabularyFacts implements Tokenizer {
  #tokenizer: Tokenizer;
  /** UTF-16 units that are left for the readable path. */
  #units: number;
  readonly #grow: Grow;

  /**
   * @param units - of text from which the fast path is worth its start, in UTF-16 units
   * @param grow - called once
   */
  constructor(readable: Tokenizer, units: number, grow: Grow) {
    super();
    this.#tokenizer = readable;
    this.#units = units;
    this.#grow = grow;
  }

  get path(): TokenizerPath {
    return this.#tokenizer.path;
  }

  protected get known(): Tokenizer {
    return this.#tokenizer;
  }

  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array {
    this.#count(text);
    return this.#tokenizer.encode(text, options);
  }

  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void {
    this.#count(text);
    this.#tokenizer.encodeInto(text, sink, options);
  }

  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch {
    for (const text of texts) this.#count(text);
    return this.#tokenizer.encodeBatch(texts, options);
  }

  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void {
    for (const text of texts) this.#count(text);
    this.#tokenizer.encodeBatchInto(texts, sink, offsets, options);
  }

  /** The tokenizer refuses values that are no texts. */
  #count(text: string | undefined): void {
    this.#units -= text?.length ?? 0;
    if (this.#units > 0) return;
    this.#units = Number.POSITIVE_INFINITY;
    this.#grow((fast) => {
      this.#tokenizer = fast ?? this.#tokenizer;
    });
  }
}
