import type { TokenBatch, TokenSink } from './token-batch.js';

/** Options of {@link Tokenizer.encode} and of the calls like it. */
export interface TokenizerEncodeOptions {
  /**
   * Most tokens of a text, unknown tokens counted; `null` keeps all. The truncation of `tokenizer.json` is ignored, as in
   * the reference.
   *
   * @defaultValue `null`
   */
  readonly maxTokens?: number | null;
  /**
   * Whether to remove {@link Tokenizer.unknownId} from the result, after truncation.
   *
   * @defaultValue `false`
   */
  readonly dropUnknown?: boolean;
}

/** How a tokenizer finds ids; see {@link Tokenizer.path}. */
export type TokenizerPath = 'fast' | 'readable';

/** Turns text into the ids of the reference library, without special tokens, truncation and padding. */
export interface Tokenizer {
  /**
   * How ids are found: `fast` in WebAssembly, which remembers the ids of chunks of text; `readable` step by step in
   * TypeScript. Ids and errors are the same. `fast/chunk-rule.ts` says which pipelines have a fast path.
   */
  readonly path: TokenizerPath;
  /** Type of the model in `tokenizer.json`. */
  readonly family: 'WordPiece' | 'Unigram' | 'BPE' | 'WordLevel';
  /** Number of distinct tokens, added tokens included. */
  readonly vocabularySize: number;
  /** One more than the largest id of {@link Tokenizer.encode}; equals `vocabularySize` if ids have no gaps. */
  readonly idLimit: number;
  /**
   * Median length of all tokens in code points; for an even number of tokens the mean of the two middle ones, truncated.
   * Model2Vec cuts long texts to this many code points per token.
   */
  readonly medianTokenLength: number;
  /** Id of the unknown token, or `null` if the model has none. */
  readonly unknownId: number | null;
  /** Returns the ids of one text. */
  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array;
  /** Returns the ids of several texts, end to end. */
  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch;
  /** Appends the ids of one text to memory that the caller owns. */
  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void;
  /**
   * Appends the ids of several texts to memory that the caller owns, and writes the start of each text and the end of the
   * last one to `offsets`, which has at least `texts + 1` elements. After an error the written values are meaningless.
   */
  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void;
  /** Returns the token of an id, or `undefined` if no token has it. */
  idToToken(id: number): string | undefined;
  /** Returns the id of a token, or `undefined` if the vocabulary lacks it. */
  tokenToId(token: string): number | undefined;
}
