/** Stands for no token in the spans of {@link TokenFinder.findRaw}. */
export const NO_TOKEN = -1;

/** Tokens that are cut out of a text before the model sees it. */
export interface TokenFinder {
  /** Ids by content: the reference's `get_vocab()` of the added tokens. */
  entries(): IterableIterator<[token: string, id: number]>;
  tokenToId(token: string): number | undefined;
  /** The token of an id, normalized where the token is. */
  idToToken(id: number): string | undefined;
  /**
   * Cuts a text as given at the tokens that are looked for before normalization.
   *
   * @returns `[start0, end0, id0, start1, …]`, where {@link NO_TOKEN} marks what lies between tokens.
   */
  findRaw(text: string): readonly number[];
  /** Cuts a normalized text at the tokens that are looked for after normalization, as {@link findRaw} does. */
  findNormalized(text: string): readonly number[];
}
