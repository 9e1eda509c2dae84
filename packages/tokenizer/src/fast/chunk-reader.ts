import type { PipelineText } from '../pipeline-text.js';
import type { TokenSink } from '../token-batch.js';
import { NO_TOKEN } from '../token-finder.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import type { ChunkRule } from './chunk-rule.js';

/** Appends the ids of a chunk that the memo lacks, and returns where they are valid; see chunk-reader.ts. */
export interface ReadsChunks {
  read(chunk: string, sink: TokenSink): number;
}

/** The ids are valid only if the text begins with the chunk. Same numbers as in assembly/chunk-memo.ts. */
export const BAD_START: number = 1 << 16;
/** The ids are valid only if the text ends with the chunk. */
export const BAD_END: number = 1 << 17;
/** A text with the chunk must be read as a whole. */
export const NEVER: number = 1 << 18;

/** Runs the pre-tokenizer and the model of the readable pipeline on a normalized text. */
export type AppendNormalized<Text> = (text: Text, sink: TokenSink) => void;

const PLAIN_WORD = /^ ?[\dA-Za-z]+$/;

/** Reads single chunks with the components of the readable pipeline, and finds where their ids are valid. */
export class ChunkReader<Text extends PipelineText<Text>> implements ReadsChunks {
  readonly #rule: ChunkRule<Text>;
  readonly #parts: TokenizerParts<Text>;
  readonly #appendNormalized: AppendNormalized<Text>;

  constructor(rule: ChunkRule<Text>, parts: TokenizerParts<Text>, appendNormalized: AppendNormalized<Text>) {
    this.#rule = rule;
    this.#parts = parts;
    this.#appendNormalized = appendNormalized;
  }

  /**
   * Appends the ids of a chunk of well-formed text.
   *
   * @returns the sum of {@link BAD_START}, {@link BAD_END} and {@link NEVER}. After `NEVER`, or after an error, the ids in the
   *   sink are meaningless.
   */
  read(chunk: string, sink: TokenSink): number {
    const { plainWords } = this.#rule;
    const { addedTokens, model, textOf } = this.#parts;
    // Most new chunks are plain, and the steps below take longer than the model.
    if (plainWords !== undefined && PLAIN_WORD.test(chunk)) {
      const word = chunk.charCodeAt(0) === 0x20 ? chunk.slice(1) : chunk;
      model.tokenize(plainWords === 'lowercased' ? word.toLowerCase() : word, sink);
      return 0;
    }
    if (this.#holdsToken(addedTokens.findRaw(chunk)) || this.#canEndToken(chunk)) return NEVER;
    // Like the pipeline, which slices the whole text when it searches for tokens.
    const text = textOf(chunk).slice(0, chunk.length);
    let flags = this.#check(chunk);
    for (const normalizer of this.#rule.normalizers) {
      normalizer.normalize(text);
      flags |= this.#check(text.text);
    }
    const normalized = text.text;
    if (normalized === '') return flags;
    if (this.#holdsToken(addedTokens.findNormalized(normalized)) || this.#canEndToken(normalized)) {
      return NEVER;
    }
    this.#appendNormalized(text.slice(0, normalized.length), sink);
    return flags;
  }

  /** Checks the sides of a chunk at each step of its normalization. */
  #check(text: string): number {
    const { clusterEnd, mindsSpaceBefore, punctuation } = this.#rule;
    // A pipeline that cuts around punctuation accepts any beginning of a chunk.
    let flags = punctuation === '' && text.charCodeAt(0) !== 0x20 ? BAD_START : 0;
    const lastUnit = text.charCodeAt(text.length - 1);
    if (text === '') return flags | BAD_END;
    if (mindsSpaceBefore && WHITE_SPACE.has(lastUnit)) flags |= BAD_END;
    if (clusterEnd) {
      // A cluster that would include the next chunk's space.
      const last = text.slice((lastUnit & 0xfc00) === 0xdc00 ? -2 : -1);
      if (clusterEnd(`${last} `, 0) !== last.length) flags |= BAD_END;
    }
    return flags;
  }

  #holdsToken(spans: readonly number[]): boolean {
    return spans.length > 3 || spans[2] !== NO_TOKEN;
  }

  /** Whether this could be the rest of an added token after a border. */
  #canEndToken(chunk: string): boolean {
    return this.#rule.tokenRests.some((rest) => rest.startsWith(chunk) || chunk.startsWith(rest));
  }
}
