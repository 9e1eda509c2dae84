import type { MakingFlags, TextsFlags } from './making-flags.js';

/** Flags of `m2v distill`. */
export interface DistillFlags extends MakingFlags, TextsFlags {
  readonly output: string;
  readonly dimensionality?: number | 'auto' | null;
  readonly sif?: number | null;
  readonly pooling?: 'mean' | 'first' | 'last' | 'pooler';
  readonly words?: string;
  readonly vocabularySize?: number;
}
