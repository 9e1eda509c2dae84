import type { CheckedRow, TextLayout } from '../ingest/text-row.js';
import type { OutputFile, WrittenFile } from './output-file.js';

/** Forms of the files that Milvus imports. */
export type BulkFormat = 'parquet' | 'json';

/** One file that rows go to. */
export interface BulkFile {
  /** Bytes written so far. */
  readonly bytes: number;
  readonly rows: number;
  /** Appends rows; resolves when the next ones may come, which may be before these are on the disk. */
  write(rows: readonly CheckedRow[], vectors: readonly Float32Array[]): Promise<void>;
  /** Ends the file. */
  finish(): Promise<WrittenFile>;
}

/** Makes one file after the other. */
export type BulkFileFactory = (output: OutputFile, layout: TextLayout) => BulkFile;
