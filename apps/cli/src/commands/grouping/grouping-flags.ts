import type { EncodeFlags } from '../../flags/model-flags.js';
import type { InputFlags } from '../../flags/reading-flags.js';

/** Flags of the commands that compare all texts of files with each other. */
export interface GroupingFlags extends EncodeFlags, InputFlags {
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v dedupe`. */
export interface DedupeFlags extends GroupingFlags {
  readonly threshold: number;
  readonly format?: 'text' | 'jsonl';
  readonly duplicates?: string;
}

/** The flags of `m2v cluster`. */
export interface ClusterFlags extends GroupingFlags {
  readonly clusters?: number;
  readonly examples: number;
  readonly seed: number;
}
