/** Means no token in the spans of {@link TokenFinder.findRaw}. */
export const NO_TOKEN = -1;

/** Finds the tokens that are cut out of a text before the model sees it. */
export interface TokenFinder {
  /** Ids by content, as `get_vocab()` of the reference returns for added tokens. */
  entries(): IterableIterator<[token: string, id: number]>;
  tokenToId(token: string): number | undefined;
  /** Returns the token of an id, in normalized form if the token is `normalized`. */
  idToToken(id: number): string | undefined;
  /**
   * Cuts an original text at the tokens that are searched before normalization.
   *
   * @returns `[start0, end0, id0, start1, …]`, with {@link NO_TOKEN} for the text between tokens
   */
  findRaw(text: string): readonly number[];
  /** Cuts a normalized text at the tokens that are searched after normalization, as {@link findRaw} does. */
  findNormalized(text: string): readonly number[];
}
