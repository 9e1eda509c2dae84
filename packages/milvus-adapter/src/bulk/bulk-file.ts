import type { CheckedRow, TextLayout } from '../ingest/text-row.js';
import type { OutputFile, WrittenFile } from './output-file.js';

/** Formats of the files that Milvus imports. */
export type BulkFormat = 'parquet' | 'json';

/** A file being written. */
export interface BulkFile {
  /** Bytes written so far. */
  readonly bytes: number;
  readonly rows: number;
  /** Appends rows. Resolves when the next ones may be written, which can be before these are on the disk. */
  write(rows: readonly CheckedRow[], vectors: readonly Float32Array[]): Promise<void>;
  /** Ends the file. */
  finish(): Promise<WrittenFile>;
}

/** Creates the next file. */
export type BulkFileFactory = (output: OutputFile, layout: TextLayout) => BulkFile;
