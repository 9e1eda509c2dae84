import type { PlaceFlags } from '../../flags/model-flags.js';
import type { MakingFlags, TextsFlags } from './making-flags.js';

/** Flags of `m2v adapt`. */
export interface AdaptFlags extends MakingFlags, TextsFlags, PlaceFlags {
  readonly teacher: string;
  readonly output: string;
  readonly dimensionality?: number;
}
