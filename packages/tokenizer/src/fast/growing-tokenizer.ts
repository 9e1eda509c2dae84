import type { TokenBatch, TokenSink } from '../token-batch.js';
import type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from '../tokenizer.js';
import { VocabularyFacts } from '../vocabulary-facts.js';

/** Makes the fast tokenizer and calls `use` with it, now or later. Calls it with `undefined` if there is none. */
export type Grow = (use: (fast: Tokenizer | undefined) => void) => void;

/** A readable tokenizer that switches to the fast path before it reads much text. Ids and errors stay the same. */
export class GrowingTokenizer extends VocabularyFacts implements Tokenizer {
  /** The readable tokenizer, later the fast one. */
  protected known: Tokenizer;
  /** UTF-16 units that are left for the readable path. */
  #units: number;
  readonly #grow: Grow;

  /**
   * @param units - of text from which the fast path is worth its start, in UTF-16 units
   * @param grow - called once
   */
  constructor(readable: Tokenizer, units: number, grow: Grow) {
    super();
    this.known = readable;
    this.#units = units;
    this.#grow = grow;
  }

  get path(): TokenizerPath {
    return this.known.path;
  }

  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array {
    this.#count(text);
    return this.known.encode(text, options);
  }

  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void {
    this.#count(text);
    this.known.encodeInto(text, sink, options);
  }

  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch {
    for (const text of texts) this.#count(text);
    return this.known.encodeBatch(texts, options);
  }

  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void {
    for (const text of texts) this.#count(text);
    this.known.encodeBatchInto(texts, sink, offsets, options);
  }

  /** Counts only strings; the tokenizer refuses other values. */
  #count(text: string): void {
    if (typeof text === 'string') this.#units -= text.length;
    if (this.#units > 0) return;
    this.#units = Number.POSITIVE_INFINITY;
    this.#grow((fast) => {
      if (fast) this.known = fast;
    });
  }
}
