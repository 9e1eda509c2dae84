import type { PipelineText } from '../pipeline-text.js';
import type { TokenSink } from '../token-batch.js';
import { NO_TOKEN } from '../token-finder.js';
import type { TokenizerParts } from '../tokenizer-pipeline.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import type { ChunkRule } from './chunk-rule.js';

/** Appends the ids of a chunk that the memo lacks, and says where they hold: see chunk-reader.ts. */
export interface ReadsChunks {
  read(chunk: string, sink: TokenSink): number;
}

/** The ids hold only where the text begins with the chunk. The numbers are those of assembly/chunk-memo.ts. */
export const BAD_START: number = 1 << 16;
/** The ids hold only where the text ends with the chunk. */
export const BAD_END: number = 1 << 17;
/** A text with the chunk must be read as a whole. */
export const NEVER: number = 1 << 18;

/** What the model sees of a normalized text: the pre-tokenizer and the model of the readable pipeline. */
export type AppendNormalized<Text> = (text: Text, sink: TokenSink) => void;

const PLAIN_WORD = /^ ?[\dA-Za-z]+$/;

/** Reads single chunks with the components of the readable pipeline, and says where their ids hold. */
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
   * @returns {@link BAD_START}, {@link BAD_END} and {@link NEVER}, added up. What is in the sink after the last one, or
   * after an error, means nothing.
   */
  read(chunk: string, sink: TokenSink): number {
    const { plainWords } = this.#rule;
    const { addedTokens, model, textOf } = this.#parts;
    // Most of what is new in a text, and the steps below take longer than the model does.
    if (plainWords !== undefined && PLAIN_WORD.test(chunk)) {
      const word = chunk.charCodeAt(0) === 0x20 ? chunk.slice(1) : chunk;
      model.tokenize(plainWords === 'lowercased' ? word.toLowerCase() : word, sink);
      return 0;
    }
    if (this.#holdsToken(addedTokens.findRaw(chunk)) || this.#canEndToken(chunk)) return NEVER;
    // As the pipeline does, which cuts the whole text out when it looks for tokens.
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

  /** What is wrong with the sides of a chunk, at any step of its normalization. */
  #check(text: string): number {
    const { clusterEnd, mindsSpaceBefore, punctuation } = this.#rule;
    // A pipeline that cuts around punctuation does not mind what a chunk begins with.
    let flags = punctuation === '' && text.charCodeAt(0) !== 0x20 ? BAD_START : 0;
    const lastUnit = text.charCodeAt(text.length - 1);
    if (text === '') return flags | BAD_END;
    if (mindsSpaceBefore && WHITE_SPACE.has(lastUnit)) flags |= BAD_END;
    if (clusterEnd) {
      // A cluster that the next chunk's space would be in.
      const last = text.slice((lastUnit & 0xfc00) === 0xdc00 ? -2 : -1);
      if (clusterEnd(`${last} `, 0) !== last.length) flags |= BAD_END;
    }
    return flags;
  }

  #holdsToken(spans: readonly number[]): boolean {
    return spans.length > 3 || spans[2] !== NO_TOKEN;
  }

  /** Whether this could be what an added token goes on with behind a border. */
  #canEndToken(chunk: string): boolean {
    return this.#rule.tokenRests.some((rest) => rest.startsWith(chunk) || chunk.startsWith(rest));
  }
}
