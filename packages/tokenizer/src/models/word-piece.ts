import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { noUnknownToken } from './no-unknown-token.js';
import type { TokenModel } from './token-model.js';
import { NO_TOKEN, type TokenBeginning, tokenBeginning, type Vocabulary } from './vocabulary.js';

const NOTHING: TokenBeginning = /* @__PURE__ */ tokenBeginning('');

/** Settings of a WordPiece model in `tokenizer.json`. */
export interface WordPieceSettings {
  readonly unknownToken: string;
  /** Prefix of every token but the first of a word; can be empty. */
  readonly continuingSubwordPrefix: string;
  /** A longer word, in code points, is one unknown token. */
  readonly maxCharactersPerWord: number;
}

/**
 * Takes the longest token at the start of a word, then the longest that continues it, to its end. A word that cannot be
 * covered this way is one unknown token.
 *
 * A word of n UTF-16 units costs at most n × the longest token.
 */
export class WordPiece implements TokenModel {
  readonly family = 'WordPiece';
  readonly unknownToken: string;
  readonly unknownId: undefined;
  readonly vocabulary: Vocabulary;
  readonly settings: WordPieceSettings;
  /** Prefix of a token that continues a word. */
  readonly #continuation: TokenBeginning;

  constructor(vocabulary: Vocabulary, settings: WordPieceSettings) {
    this.unknownToken = settings.unknownToken;
    this.vocabulary = vocabulary;
    this.settings = settings;
    this.#continuation = tokenBeginning(settings.continuingSubwordPrefix);
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(piece: string, sink: TokenSink): void {
    const mark = sink.length;
    if (!hasMoreCharacters(piece, this.settings.maxCharactersPerWord) && this.#appendTokens(piece, sink))
      return;
    sink.length = mark;
    const unknown = this.vocabulary.idOf(this.unknownToken);
    if (unknown === undefined) {
      const missing = `its vocabulary lacks the unknown token ${JSON.stringify(this.unknownToken)}`;
      throw noUnknownToken(this.family, missing, piece);
    }
    appendId(sink, unknown);
  }

  tokenToId(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.vocabulary.tokenOf(id);
  }

  /** Returns whether tokens cover the word. */
  #appendTokens(word: string, sink: TokenSink): boolean {
    const { vocabulary } = this;
    let beginning = NOTHING;
    for (let start = 0; start < word.length; beginning = this.#continuation) {
      const token = vocabulary.longestAt(beginning, word, start);
      if (token === NO_TOKEN) return false;
      appendId(sink, vocabulary.packed.ids[token]!);
      start += vocabulary.lengthAt(token) - beginning.text.length;
    }
    return true;
  }
}

function hasMoreCharacters(text: string, limit: number): boolean {
  // A code point has one or two units, so the length decides in nearly all cases.
  if (text.length <= limit) return false;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count > limit;
}
