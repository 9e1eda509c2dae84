import type { TokenSink } from '../token-batch.js';
import { appendId } from './append-id.js';
import { noUnknownToken } from './no-unknown-token.js';
import type { TokenModel } from './token-model.js';
import type { Vocabulary } from './vocabulary.js';

/** Makes one token of each piece: the piece itself if the vocabulary has it, else the unknown token. */
export class WordLevel implements TokenModel {
  readonly family = 'WordLevel';
  readonly unknownToken: string;
  readonly unknownId: undefined;
  readonly vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary, unknownToken: string) {
    this.vocabulary = vocabulary;
    this.unknownToken = unknownToken;
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(piece: string, sink: TokenSink): void {
    const id = this.vocabulary.idOf(piece) ?? this.vocabulary.idOf(this.unknownToken);
    if (id === undefined) {
      const missing = `its vocabulary lacks the unknown token ${JSON.stringify(this.unknownToken)}`;
      throw noUnknownToken(this.family, missing, piece);
    }
    appendId(sink, id);
  }

  tokenToId(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  idToToken(id: number): string | undefined {
    return this.vocabulary.tokenOf(id);
  }
}
