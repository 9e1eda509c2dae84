/** Finds all matches of one pattern, as the reference's `find_iter` does. */
export interface Pattern {
  /**
   * Successive matches that do not overlap, as `[start0, end0, start1, end1, …]` in UTF-16 units of `text`.
   * Every position is a code point boundary of well-formed text. A match can be empty.
   */
  findAll(text: string): readonly number[];
}
