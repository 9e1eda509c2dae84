import type { KeptTables } from './json/kept-tables.js';
import type { TokenizerPath } from './tokenizer.js';

/** Options of `loadTokenizer` and `loadTokenizerLazily`. */
export interface LoadTokenizerOptions {
  /**
   * Which path the tokenizer takes. `fast` takes the fast path if the pipeline has one and WebAssembly with SIMD can run;
   * `Tokenizer.path` says whether it does. `readable` never takes it.
   *
   * @defaultValue `'fast'`. `loadTokenizerLazily` makes a tokenizer of BERT's kind `readable` at first. It imports the fast
   *   path after 65,536 characters; in Node it starts it before it reads more than 4,096.
   */
  readonly path?: TokenizerPath;
}

/** Options of `loadTokenizerLazily`. */
export interface LoadTokenizerLazilyOptions extends LoadTokenizerOptions {
  /**
   * In Node, where the tables of this `tokenizer.json` are kept between runs of programs. Reading them is faster than
   * making them from a large vocabulary.
   *
   * @defaultValue made at each load
   */
  readonly tables?: KeptTables | undefined;
}
