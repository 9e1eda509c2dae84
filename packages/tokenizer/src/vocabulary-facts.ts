import type { Tokenizer } from './tokenizer.js';

/** What a tokenizer tells of its vocabulary. */
type TokenizerVocabulary = Pick<
  Tokenizer,
  'family' | 'vocabularySize' | 'idLimit' | 'medianTokenLength' | 'unknownId' | 'idToToken' | 'tokenToId'
>;

/** For a tokenizer with the vocabulary of another one. */
export abstract class VocabularyFacts implements TokenizerVocabulary {
  protected abstract readonly known: TokenizerVocabulary;

  get family(): Tokenizer['family'] {
    return this.known.family;
  }

  get vocabularySize(): number {
    return this.known.vocabularySize;
  }

  get idLimit(): number {
    return this.known.idLimit;
  }

  get medianTokenLength(): number {
    return this.known.medianTokenLength;
  }

  get unknownId(): number | null {
    return this.known.unknownId;
  }

  idToToken(id: number): string | undefined {
    return this.known.idToToken(id);
  }

  tokenToId(token: string): number | undefined {
    return this.known.tokenToId(token);
  }
}
