import type { Tokenizer } from '@model2vec-ts/tokenizer';

/** One token of a text. */
export interface TextToken {
  readonly id: number;
  readonly text: string;
  /** Whether it stands for what the vocabulary lacks; the model leaves it out. */
  readonly unknown: boolean;
}

/** The tokens of a text, in order. */
export function textTokens(tokenizer: Tokenizer, text: string): readonly TextToken[] {
  return Array.from(tokenizer.encode(text), (id) => ({
    id,
    text: tokenizer.idToToken(id) ?? '',
    unknown: id === tokenizer.unknownId,
  }));
}
