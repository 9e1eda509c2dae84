import type { TextRow } from '@model2vec-ts/milvus-adapter';

/** A row that an input file holds. */
interface FoundRow {
  /** Where it is, from 1: a line of a text, a row of a Parquet file. */
  readonly line: number;
  readonly row: TextRow;
}

/** The line of a problem that is the file's as a whole. */
export const WHOLE_FILE = 0;

/** A place of an input file from which no row could be taken. */
export interface FoundProblem {
  /** From 1, or {@link WHOLE_FILE}. */
  readonly line: number;
  readonly reason: string;
  readonly id?: string;
}

export type Found = FoundRow | FoundProblem;

/** What one read of a file gives. */
export interface FoundBatch {
  /** In the order of the file, which is the same each time. */
  readonly found: readonly Found[];
  /** Rows without a text, which are passed over. */
  readonly empty: number;
  /** Bytes of the file that have been read. */
  readonly position: number;
}

/** Whether no row could be taken. */
export function isProblem(found: Found): found is FoundProblem {
  return 'reason' in found;
}

/** Why a text with bytes that are no characters is left out: Milvus stores characters, and others would be invented. */
export const NOT_UTF8 = 'it holds bytes that are not UTF-8; convert the file, with iconv for example';
