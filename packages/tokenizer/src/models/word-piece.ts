import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { noUnknownToken } from './no-unknown-token.js';
import type { TokenModel } from './token-model.js';
import { NO_CHILD, NO_ID, TokenTrie } from './token-trie.js';
import type { Vocabulary } from './vocabulary.js';

/** What `tokenizer.json` says about a WordPiece model. */
export interface WordPieceSettings {
  readonly unknownToken: string;
  /** Begins every token that is not the first of its word; can be empty. */
  readonly continuingSubwordPrefix: string;
  /** A longer word, in code points, is one unknown token. */
  readonly maxCharactersPerWord: number;
}

/**
 * The longest token that begins a word, then the longest that continues it, to its end. A word that cannot be covered
 * so is one unknown token.
 *
 * A word of n UTF-16 units costs at most n × the longest token.
 */
export class WordPiece implements TokenModel {
  readonly family = 'WordPiece';
  readonly unknownToken: string;
  readonly unknownId: undefined;
  readonly #vocabulary: Vocabulary;
  readonly #maxCharacters: number;
  readonly #trie: TokenTrie;
  /** Where a token that continues a word begins; `undefined` where the vocabulary has none. */
  readonly #continuation: number | undefined;

  constructor(vocabulary: Vocabulary, settings: WordPieceSettings) {
    this.unknownToken = settings.unknownToken;
    this.#vocabulary = vocabulary;
    this.#maxCharacters = settings.maxCharactersPerWord;
    this.#trie = new TokenTrie(vocabulary.entries());
    this.#continuation = this.#trie.find(settings.continuingSubwordPrefix);
  }

  get size(): number {
    return this.#vocabulary.size;
  }

  tokenize(piece: string, sink: TokenSink): void {
    const mark = sink.length;
    if (!hasMoreCharacters(piece, this.#maxCharacters) && this.#appendTokens(piece, sink)) return;
    sink.length = mark;
    const unknown = this.#vocabulary.idOf(this.unknownToken);
    if (unknown === undefined) {
      const missing = `its vocabulary lacks the unknown token ${JSON.stringify(this.unknownToken)}`;
      throw noUnknownToken(this.family, missing, piece);
    }
    appendId(sink, unknown);
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.tokenOf(id);
  }

  entries(): Iterable<readonly [token: string, id: number]> {
    return this.#vocabulary.entries();
  }

  /** Whether tokens cover the word. */
  #appendTokens(word: string, sink: TokenSink): boolean {
    const trie = this.#trie;
    let node: number | undefined = trie.root;
    for (let start = 0; start < word.length; node = this.#continuation) {
      if (node === undefined) return false;
      let longest = NO_ID;
      let end = start;
      for (let i = start; i < word.length; i++) {
        node = trie.child(node, word.charCodeAt(i));
        if (node === NO_CHILD) break;
        const id = trie.idAt(node);
        if (id !== NO_ID) {
          longest = id;
          end = i + 1;
        }
      }
      if (longest === NO_ID) return false;
      appendId(sink, longest);
      start = end;
    }
    return true;
  }
}

function hasMoreCharacters(text: string, limit: number): boolean {
  // A code point has one or two units, so the length alone decides nearly always.
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count > limit;
}
