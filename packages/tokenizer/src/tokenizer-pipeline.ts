import type { AnyModel } from './models/any-model.js';
import { appendId } from './models/append-id.js';
import type { NormalizedText } from './normalized-text.js';
import type { Normalizer } from './normalizers/normalizer.js';
import type { PipelineText } from './pipeline-text.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';
import type { TokenBatch, TokenSink } from './token-batch.js';
import { TokenBuffer } from './token-buffer.js';
import { NO_TOKEN, type TokenFinder } from './token-finder.js';
import type { Tokenizer, TokenizerEncodeOptions } from './tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';
import { statisticsOf, type VocabularyStatistics } from './vocabulary-statistics.js';

/** The parts of a `tokenizer.json`. */
export interface TokenizerParts<Text = NormalizedText> {
  /** Wraps the text of the caller. */
  readonly textOf: (raw: string) => Text;
  readonly addedTokens: TokenFinder;
  readonly normalizer: Normalizer<Text> | undefined;
  readonly preTokenizer: PreTokenizer<Text> | undefined;
  readonly model: AnyModel;
}

/** Ids of memory kept between calls of {@link Tokenizer.encode}, enough for an ordinary text. */
const KEPT_CAPACITY = 1 << 16;

function checkMaxTokens(maxTokens: number | null | undefined): number {
  if (maxTokens === undefined || maxTokens === null) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(maxTokens) && maxTokens >= 0) return maxTokens;
  throw new TokenizerError(
    'invalid-argument',
    `maxTokens must be a whole number from 0 on, or null for no limit; found ${maxTokens}`,
  );
}

/** Removes every `id` from `start` on. */
function removeId(sink: TokenSink, start: number, id: number): void {
  const { ids, length } = sink;
  let kept = start;
  for (let i = start; i < length; i++) {
    const current = ids[i]!;
    if (current !== id) ids[kept++] = current;
  }
  sink.length = kept;
}

/** The reference's `TokenizerImpl`: added tokens out, normalize, added tokens out, pre-tokenize, model, truncate. */
export class TokenizerPipeline<Text extends PipelineText<Text> = NormalizedText> implements Tokenizer {
  readonly path = 'readable';
  readonly #parts: TokenizerParts<Text>;
  #statistics: VocabularyStatistics | undefined;
  #scratch: TokenBuffer = new TokenBuffer();

  constructor(parts: TokenizerParts<Text>) {
    this.#parts = parts;
  }

  get family(): Tokenizer['family'] {
    return this.#parts.model.family;
  }

  get vocabularySize(): number {
    return this.#readStatistics().size;
  }

  get idLimit(): number {
    return this.#readStatistics().idLimit;
  }

  get medianTokenLength(): number {
    return this.#readStatistics().medianTokenLength;
  }

  /** As in Model2Vec: an unknown token named by the model can be an added token; an id is used unchanged. */
  get unknownId(): number | null {
    const { unknownId, unknownToken } = this.#parts.model;
    if (unknownId !== undefined) return unknownId;
    return unknownToken === undefined || unknownToken === null
      ? null
      : (this.tokenToId(unknownToken) ?? null);
  }

  encode(text: string, options?: TokenizerEncodeOptions): Uint32Array {
    const buffer = this.#scratch;
    buffer.length = 0;
    this.encodeInto(text, buffer, options);
    const ids = buffer.toIds();
    // Do not keep the memory of a huge text.
    if (buffer.ids.length > KEPT_CAPACITY) this.#scratch = new TokenBuffer();
    return ids;
  }

  encodeBatch(texts: readonly string[], options?: TokenizerEncodeOptions): TokenBatch {
    const buffer = new TokenBuffer();
    const offsets = new Uint32Array(texts.length + 1);
    this.encodeBatchInto(texts, buffer, offsets, options);
    return { ids: buffer.toIds(), offsets };
  }

  encodeBatchInto(
    texts: readonly string[],
    sink: TokenSink,
    offsets: Uint32Array,
    options?: TokenizerEncodeOptions,
  ): void {
    offsets[0] = sink.length;
    for (let i = 0; i < texts.length; i++) {
      this.encodeInto(texts[i]!, sink, options);
      offsets[i + 1] = sink.length;
    }
  }

  encodeInto(text: string, sink: TokenSink, options?: TokenizerEncodeOptions): void {
    this.checkText(text, options);
    const start = sink.length;
    try {
      this.#appendText(this.#parts.textOf(text), sink);
    } catch (error) {
      sink.length = start;
      throw error;
    }
    this.finish(sink, start, options);
  }

  /** Checks the arguments of {@link encodeInto}, and returns the most tokens, `Infinity` for all. */
  checkText(text: unknown, options: TokenizerEncodeOptions | undefined): number {
    if (typeof text !== 'string') {
      throw new TokenizerError('invalid-argument', `a text must be a string; found ${typeof text}`);
    }
    return checkMaxTokens(options?.maxTokens);
  }

  /** Truncates the ids of a text, which begin at `start`, and drops unknown tokens, as the options say. */
  finish(sink: TokenSink, start: number, options: TokenizerEncodeOptions | undefined): void {
    const maxTokens = checkMaxTokens(options?.maxTokens);
    if (sink.length - start > maxTokens) sink.length = start + maxTokens;
    const unknownId = options?.dropUnknown === true ? this.unknownId : null;
    if (unknownId !== null) removeId(sink, start, unknownId);
  }

  idToToken(id: number): string | undefined {
    return this.#parts.addedTokens.idToToken(id) ?? this.#parts.model.idToToken(id);
  }

  tokenToId(token: string): number | undefined {
    return this.#parts.addedTokens.tokenToId(token) ?? this.#parts.model.tokenToId(token);
  }

  #appendText(text: Text, sink: TokenSink): void {
    const spans = this.#parts.addedTokens.findRaw(text.text);
    for (let i = 0; i < spans.length; i += 3) {
      const start = spans[i]!;
      const end = spans[i + 1]!;
      // The reference drops empty pieces, and tokens whose text another token has stripped.
      if (start === end) continue;
      if (spans[i + 2] === NO_TOKEN) this.#appendRaw(text.slice(start, end), sink);
      else appendId(sink, spans[i + 2]!);
    }
  }

  #appendRaw(text: Text, sink: TokenSink): void {
    this.#parts.normalizer?.normalize(text);
    const spans = this.#parts.addedTokens.findNormalized(text.text);
    for (let i = 0; i < spans.length; i += 3) {
      const start = spans[i]!;
      const end = spans[i + 1]!;
      if (start === end) continue;
      if (spans[i + 2] === NO_TOKEN) this.appendNormalized(text.slice(start, end), sink);
      else appendId(sink, spans[i + 2]!);
    }
  }

  /** Runs the pipeline after normalization and added tokens. */
  appendNormalized(text: Text, sink: TokenSink): void {
    const { preTokenizer, model } = this.#parts;
    if (preTokenizer === undefined) {
      model.tokenize(text.text, sink);
      return;
    }
    const pieces: Text[] = [];
    preTokenizer.split(text, pieces);
    for (const piece of pieces) model.tokenize(piece.text, sink);
  }

  #readStatistics(): VocabularyStatistics {
    this.#statistics ??= statisticsOf(this.#parts.model.vocabulary, this.#parts.addedTokens.entries());
    return this.#statistics;
  }
}
