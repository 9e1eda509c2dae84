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

/** Where a passage is, as hits show it. */
export interface PassagePlace {
  readonly [field: string]: unknown;
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** Missing without headings. */
  readonly headings?: readonly string[];
}

/** The place of a passage in a file. */
export function placeOf(path: string, { headings, line, endLine }: Passage): PassagePlace {
  return { path, line, endLine, ...(headings.length > 0 && { headings }) };
}

/** Separates headings in a passage's text. */
export const BETWEEN_HEADINGS = ' › ';
