import type { CreationFlags } from '../../flags/creation-flags.js';
import type { ConnectionFlags } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import type { ReadingFlags } from '../../flags/reading-flags.js';

/** Flags of both bulk commands. */
interface BulkFlags extends EncodeFlags, ConnectionFlags {
  readonly collection: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v bulk write`. */
export interface BulkWriteFlags extends BulkFlags, ReadingFlags, CreationFlags {
  readonly output: string;
  readonly format: 'parquet' | 'json';
  readonly uniqueIds?: boolean;
  readonly allowRejects?: boolean;
}

/** The flags of `m2v bulk import`. */
export interface BulkImportFlags extends BulkFlags {
  readonly prefix: string;
  readonly state?: string;
  readonly force?: boolean;
}
