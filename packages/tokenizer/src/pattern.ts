/** Finds all matches of a pattern, as `find_iter` of the reference does. */
export interface Pattern {
  /**
   * Returns successive matches that do not overlap, as `[start0, end0, start1, end1, …]` in UTF-16 units of `text`.
   * Positions are code point boundaries of well-formed text. A match can be empty.
   */
  findAll(text: string): readonly number[];
}
