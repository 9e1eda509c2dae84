/** A part of a file that is found as a whole. */
export interface Passage {
  /** The words that are embedded and searched: the headings above, and the lines. */
  readonly text: string;
  /** Headings that it is under, outermost first; empty outside of Markdown. */
  readonly headings: readonly string[];
  /** First line, from 1. */
  readonly line: number;
  /** Last line. */
  readonly endLine: number;
}

/** Stands between headings in a passage's text. */
export const BETWEEN_HEADINGS = ' › ';
