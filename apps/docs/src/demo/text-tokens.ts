import type { Tokenizer } from '@model2vec-ts/tokenizer';

/** One token of a text. */
export interface TextToken {
  readonly id: number;
  readonly text: string;
  /** Whether this is the unknown token, which the model drops. */
  readonly unknown: boolean;
}

/** Returns the tokens of a text in order. */
export function textTokens(tokenizer: Tokenizer, text: string): readonly TextToken[] {
  return Array.from(tokenizer.encode(text), (id) => ({
    id,
    text: tokenizer.idToToken(id) ?? '',
    unknown: id === tokenizer.unknownId,
  }));
}
