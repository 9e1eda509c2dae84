/** A part of a file that is found as a unit. */
export interface Passage {
  /** The text that is embedded and searched: the headings above, and the lines. */
  readonly text: string;
  /** Its headings, outermost first; empty except for Markdown. */
  readonly headings: readonly string[];
  /** First line, from 1. */
  readonly line: number;
  /** Last line. */
  readonly endLine: number;
}

/** Separates headings in a passage's text. */
export const BETWEEN_HEADINGS = ' › ';
