import type { Tokenizer } from './tokenizer.js';

/** The vocabulary's part of a tokenizer. */
type TokenizerVocabulary = Pick<
  Tokenizer,
  'family' | 'vocabularySize' | 'idLimit' | 'medianTokenLength' | 'unknownId' | 'idToToken' | 'tokenToId'
>;

/** Takes the vocabulary from another tokenizer. */
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
