import type { TokenBatch, TokenSink } from '../../token-batch.js';
import type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from '../../tokenizer.js';
import { VocabularyFacts } from '../../vocabulary-facts.js';

/**
 * Text from which the fast path is worth its 6 KB of code, in UTF-16 units. The readable path needs about ten milliseconds
 * for it.
 */
const WORTH_LOADING = 1 << 16;

/** A readable tokenizer that switches to the fast path after enough text. Ids and errors stay the same. */
export class GrowingTokenizer extends VocabularyFacts implements Tokenizer {
  #tokenizer: Tokenizer;
  readonly #load: () => Promise<Tokenizer | undefined>;
  #units = 0;

  /** @param load - imports the fast tokenizer, or resolves to `undefined` if there is none; called once */
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
    // Do not retry: a page that is offline would fail again for each text.
    this.#units = Number.NEGATIVE_INFINITY;
    this.#load().then(
      (fast) => {
        this.#tokenizer = fast ?? this.#tokenizer;
      },
      () => undefined,
    );
  }
}
