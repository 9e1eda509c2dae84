import type { MakingFlags, TextsFlags } from './making-flags.js';

/** Flags of `m2v distill`. A word and not `null`, because the argument parser reads `null` as an empty value. */
export interface DistillFlags extends MakingFlags, TextsFlags {
  readonly output: string;
  readonly dimensionality?: number | 'auto' | 'none';
  readonly sif?: number | 'none';
  readonly pooling?: 'mean' | 'first' | 'last' | 'pooler';
  readonly words?: string;
  readonly vocabularySize?: number;
}
