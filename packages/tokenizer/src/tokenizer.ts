import type { TokenBatch, TokenSink } from './token-batch.js';

/** Options of {@link Tokenizer.encode} and of the calls like it. */
export interface TokenizerEncodeOptions {
  /**
   * Keep at most this many tokens of a text, unknown tokens counted; `null` keeps all.
   *
   * A truncation written in `tokenizer.json` is never applied, as in the reference.
   * @default null
   */
  readonly maxTokens?: number | null;
  /**
   * Remove {@link Tokenizer.unknownId} from the result, after truncation.
   * @default false
   */
  readonly dropUnknown?: boolean;
}

/** See {@link Tokenizer.path}. */
export type TokenizerPath = 'fast' | 'readable';

/** Turns text into the ids that the reference library gives without special tokens, truncation and padding. */
export interface Tokenizer {
  /**
   * How ids are found: `fast` in WebAssembly, from chunks of text that it remembers, `readable` step by step in
   * TypeScript. Ids and errors are the same. Which pipelines have a fast path, and why, stands in `fast/chunk-rule.ts`.
   */
  readonly path: TokenizerPath;
  /** Model family, as `tokenizer.json` names it. */
  readonly family: 'WordPiece' | 'Unigram' | 'BPE' | 'WordLevel';
  /** Number of distinct tokens, added tokens included. */
  readonly vocabularySize: number;
  /** One more than the largest id that {@link Tokenizer.encode} can give; equals `vocabularySize` where ids have no gaps. */
  readonly idLimit: number;
  /**
   * Median length of all tokens in code points, the mean of the two middle ones truncated for an even number:
   * the factor that Model2Vec cuts long texts by.
   */
  readonly medianTokenLength: number;
  /** Id of the token that stands for the unknown, or `null` where the model has none. */
  readonly unknownId: number | null;
  /** Ids of one text. */
  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array;
  /** Ids of several texts, end to end. */
  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch;
  /** Appends the ids of one text to memory that the caller owns. */
  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void;
  /**
   * Appends the ids of several texts to memory that the caller owns, and writes to `offsets`, of `texts + 1` elements or
   * more, where those of each text begin and the last ones end. After an error, what was written means nothing.
   */
  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void;
  /** The token of an id, or `undefined` where no token has it. */
  idToToken(id: number): string | undefined;
  /** The id of a token, or `undefined` where the vocabulary lacks it. */
  tokenToId(token: string): number | undefined;
}
