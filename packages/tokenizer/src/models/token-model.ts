import type { TokenSink } from '../token-batch.js';
import type { Vocabulary } from './vocabulary.js';

/** The step from one pre-tokenized piece of text to token ids. */
export interface TokenModel {
  /** Model family, as `tokenizer.json` names it. */
  readonly family: 'WordPiece' | 'Unigram' | 'BPE' | 'WordLevel';
  /** The reference's `get_vocab_size()`: where the ids of added tokens continue. */
  readonly size: number;
  /**
   * `unk_token` of WordPiece, BPE and WordLevel as written, whether or not the vocabulary has it; `null` where BPE's is
   * absent or null. `undefined` for Unigram.
   */
  readonly unknownToken: string | null | undefined;
  /** `unk_id` of Unigram, `null` where absent or null. `undefined` for the other families. */
  readonly unknownId: number | null | undefined;
  /**
   * Appends the ids of one piece of well-formed text.
   *
   * @throws TokenizerError `no-unknown-token` where the piece needs an unknown token that the model lacks;
   * the sink then keeps what it held before.
   */
  tokenize(piece: string, sink: TokenSink): void;
  /** The id of a token, or `undefined` where the model's vocabulary lacks it. */
  tokenToId(token: string): number | undefined;
  /** The token of an id, or `undefined` where the model's vocabulary lacks it. */
  idToToken(id: number): string | undefined;
  /** Distinct tokens with their ids: the reference's `get_vocab()`. */
  readonly vocabulary: Vocabulary;
}
