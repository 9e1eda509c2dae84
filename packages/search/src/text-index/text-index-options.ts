import type { EmbeddingFunction } from '../store/embedding-function.js';
import type { Metric, VectorType } from '../vectors/vector-type.js';
import type { WordBreaker } from '../words/word-breaking.js';

/** Options of loading a {@link TextIndex}. */
export interface LoadOptions {
  /** Turns texts and queries into vectors. */
  readonly embedder: EmbeddingFunction;
  /**
   * Breaks texts into words; must be the one that the index was created with.
   *
   * @defaultValue `wordsOf`
   */
  readonly words?: WordBreaker;
  /**
   * Loads the index even if another model filled it.
   *
   * @defaultValue false
   */
  readonly force?: boolean;
}

/** Options of creating a {@link TextIndex}. */
export interface TextIndexOptions {
  /** Turns texts and queries into vectors. */
  readonly embedder: EmbeddingFunction;
  /**
   * How vectors are stored: `float32` exactly, `int8` in a quarter of the memory, `binary` in a 32nd.
   *
   * @defaultValue 'float32'
   */
  readonly vectorType?: VectorType;
  /**
   * How vectors are compared.
   *
   * @defaultValue 'COSINE', and 'HAMMING' for binary vectors
   */
  readonly metric?: Metric;
  /**
   * Whether to index words for full-text search. Takes about two bytes per word of the texts.
   *
   * @defaultValue true
   */
  readonly fullText?: boolean;
  /**
   * Breaks texts into words for full-text search.
   *
   * @defaultValue `wordsOf`
   */
  readonly words?: WordBreaker;
  /**
   * How vectors are compared. Results are equal; `js` is 5 to 10 times slower.
   *
   * @defaultValue 'wasm', or 'js' if WebAssembly with SIMD cannot run
   */
  readonly kernel?: 'wasm' | 'js';
}
