import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { ByteFallback } from './byte-fallback.js';
import type { MergeTable } from './merge-table.js';
import { noUnknownToken } from './no-unknown-token.js';
import { SymbolChain } from './symbol-chain.js';
import type { TokenModel } from './token-model.js';
import type { Vocabulary } from './vocabulary.js';

/** The chain of a longer word is not kept for the next one: 28 bytes a symbol would stay allocated. */
const KEPT_SYMBOLS = 1 << 16;

/** What `tokenizer.json` says about a BPE model. */
export interface BytePairSettings {
  readonly merges: MergeTable;
  /** Characters that the vocabulary lacks vanish where this is `null`. */
  readonly unknownToken: string | null;
  /** Begins the symbol of every character but the first; can be empty. */
  readonly continuingSubwordPrefix: string;
  /** Ends the symbol of the last character; can be empty. */
  readonly endOfWordSuffix: string;
  /** Whether neighbouring unknown characters count as one. */
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
  /** Whether a word that is a token is taken whole. */
  readonly ignoreMerges: boolean;
}

/** Characters, merged in pairs by the rank of their merge until none applies. */
export class BytePair implements TokenModel {
  readonly family = 'BPE';
  readonly unknownToken: string | null;
  readonly unknownId: undefined;
  readonly vocabulary: Vocabulary;
  readonly #settings: BytePairSettings;
  readonly #byteFallback: ByteFallback | undefined;
  #kept = new SymbolChain();

  constructor(vocabulary: Vocabulary, settings: BytePairSettings) {
    this.unknownToken = settings.unknownToken;
    this.vocabulary = vocabulary;
    this.#settings = settings;
    this.#byteFallback = settings.byteFallback ? new ByteFallback(vocabulary) : undefined;
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(piece: string, sink: TokenSink): void {
    if (this.#settings.ignoreMerges) {
      const whole = this.vocabulary.idOf(piece);
      if (whole !== undefined) {
        appendId(sink, whole);
        return;
      }
    }
    const chain = this.#kept;
    chain.clear();
    this.#pushSymbols(piece, chain);
    chain.merge(this.#settings.merges);
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
    const { continuingSubwordPrefix, endOfWordSuffix, fuseUnknown } = this.#settings;
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
        // An unknown symbol that waits stays waiting, and so comes after these: the reference's order.
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
