import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { ByteFallback } from './byte-fallback.js';
import type { MergeTable } from './merge-table.js';
import { noUnknownToken } from './no-unknown-token.js';
import { SymbolChain } from './symbol-chain.js';
import type { TokenModel } from './token-model.js';
import type { Vocabulary } from './vocabulary.js';

/** The chain of a longer word is not reused, because its 28 bytes per symbol would stay allocated. */
const KEPT_SYMBOLS = 1 << 16;

/** Settings of a BPE model in `tokenizer.json`. */
export interface BytePairSettings {
  readonly merges: MergeTable;
  /** `null` drops characters that the vocabulary lacks. */
  readonly unknownToken: string | null;
  /** Prefix of the symbol of every character but the first; can be empty. */
  readonly continuingSubwordPrefix: string;
  /** Suffix of the symbol of the last character; can be empty. */
  readonly endOfWordSuffix: string;
  /** Whether neighbouring unknown characters count as one. */
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
  /** Whether a word that is a token becomes that token without merges. */
  readonly ignoreMerges: boolean;
}

/** Merges the characters of a word in pairs, by the rank of their merge, until no merge applies. */
export class BytePair implements TokenModel {
  readonly family = 'BPE';
  readonly unknownToken: string | null;
  readonly unknownId: undefined;
  readonly vocabulary: Vocabulary;
  readonly settings: BytePairSettings;
  readonly #byteFallback: ByteFallback | undefined;
  #kept = new SymbolChain();

  constructor(vocabulary: Vocabulary, settings: BytePairSettings) {
    this.unknownToken = settings.unknownToken;
    this.vocabulary = vocabulary;
    this.settings = settings;
    this.#byteFallback = settings.byteFallback ? new ByteFallback(vocabulary) : undefined;
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(piece: string, sink: TokenSink): void {
    if (this.settings.ignoreMerges) {
      const whole = this.vocabulary.idOf(piece);
      if (whole !== undefined) {
        appendId(sink, whole);
        return;
      }
    }
    const chain = this.#kept;
    chain.clear();
    this.#pushSymbols(piece, chain);
    chain.merge(this.settings.merges);
    chain.appendTo(sink);
    if (chain.capacity > KEPT_SYMBOLS) this.#kept = new SymbolChain();
  }

  tokenToId(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.vocabulary.tokenOf(id);
  }

  #pushSymbols(piece: string, chain: SymbolChain): void {
    const { continuingSubwordPrefix, endOfWordSuffix, fuseUnknown } = this.settings;
    let unknown: number | undefined;
    for (let start = 0, end = 0; start < piece.length; start = end) {
      const unit = piece.charCodeAt(start);
      end = start + (unit >= 0xd800 && unit <= 0xdbff ? 2 : 1);
      let symbol = piece.slice(start, end);
      if (start > 0) symbol = continuingSubwordPrefix + symbol;
      if (end === piece.length) symbol += endOfWordSuffix;
      const id = this.vocabulary.idOf(symbol);
      if (id !== undefined) {
        if (unknown !== undefined) chain.push(unknown);
        unknown = undefined;
        chain.push(id);
        continue;
      }
      const bytes = this.#byteFallback?.idsOf(symbol);
      if (bytes !== undefined) {
        // A pending unknown symbol stays pending, and so follows these, as in the reference.
        for (const byte of bytes) chain.push(byte);
      } else if (this.unknownToken !== null) {
        if (unknown !== undefined && !fuseUnknown) chain.push(unknown);
        unknown ??= this.#unknownIdFor(this.unknownToken, piece);
      }
    }
    if (unknown !== undefined) chain.push(unknown);
  }

  #unknownIdFor(token: string, piece: string): number {
    const id = this.vocabulary.idOf(token);
    if (id !== undefined) return id;
    throw noUnknownToken(
      this.family,
      `its vocabulary lacks the unknown token ${JSON.stringify(token)}`,
      piece,
    );
  }
}
