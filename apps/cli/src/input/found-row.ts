import type { TextRow } from '@model2vec-ts/milvus-adapter';

/** A row of an input file. */
export interface FoundRow {
  /** Its position, from 1: a line of a text, a row of a Parquet file. */
  readonly line: number;
  readonly row: TextRow;
}

/** Line number of problems that concern the whole file. */
export const WHOLE_FILE = 0;

/** Input that gives no row. */
export interface FoundProblem {
  /** From 1, or {@link WHOLE_FILE}. */
  readonly line: number;
  readonly reason: string;
  readonly id?: string;
}

export type Found = FoundRow | FoundProblem;

/** The result of one read of a file. */
export interface FoundBatch {
  /** In the order of the file, which is the same on each run. */
  readonly found: readonly Found[];
  /** Rows that were skipped because their text is empty. */
  readonly empty: number;
  /** Bytes of the file that have been read. */
  readonly position: number;
}

/** Distinguishes problems from rows. */
export function isProblem(found: Found): found is FoundProblem {
  return 'reason' in found;
}

/** Replacement characters would be embedded as if the author had written them. */
export const NOT_UTF8 =
  'it has bytes that are not UTF-8; name the encoding, for example --encoding latin1, or convert the file with iconv';
