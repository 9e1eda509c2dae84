import type { TokenSink } from '../token-batch.js';
import type { Vocabulary } from './vocabulary.js';

/** Turns one pre-tokenized piece of text into token ids. */
export interface TokenModel {
  /** Type of the model in `tokenizer.json`. */
  readonly family: 'WordPiece' | 'Unigram' | 'BPE' | 'WordLevel';
  /** The reference's `get_vocab_size()`, from which ids of added tokens continue. */
  readonly size: number;
  /**
   * `unk_token` of WordPiece, BPE and WordLevel, whether or not the vocabulary has it; `null` if BPE's is absent or null;
   * `undefined` for Unigram.
   */
  readonly unknownToken: string | null | undefined;
  /** `unk_id` of Unigram; `null` if absent or null; `undefined` for the other types. */
  readonly unknownId: number | null | undefined;
  /**
   * Appends the ids of one piece of well-formed text.
   *
   * @throws {@link TokenizerError} `no-unknown-token` if the piece needs an unknown token, which the model lacks; the sink is
   *   then unchanged
   */
  tokenize(piece: string, sink: TokenSink): void;
  /** Returns the id of a token, or `undefined` if the model's vocabulary lacks it. */
  tokenToId(token: string): number | undefined;
  /** Returns the token of an id, or `undefined` if the model's vocabulary lacks it. */
  idToToken(id: number): string | undefined;
  /** Distinct tokens with their ids, as the reference's `get_vocab()`. */
  readonly vocabulary: Vocabulary;
}
