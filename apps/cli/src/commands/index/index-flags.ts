import type { CreationFlags } from '../../flags/creation-flags.js';
import type { ConnectionFlags } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import type { ReadingFlags } from '../../flags/reading-flags.js';

/** The flags of `m2v index`. */
export interface IndexFlags extends EncodeFlags, ConnectionFlags, ReadingFlags, CreationFlags {
  readonly collection: string;
  readonly rejects?: string;
  readonly allowRejects?: boolean;
  readonly fresh?: boolean;
  readonly keepMissing?: boolean;
  readonly watch?: boolean;
  readonly state?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
