import type { PlaceFlags } from '../../flags/model-flags.js';
import type { TeacherFlags } from './making-flags.js';

/** Flags of `m2v evaluate`. */
export interface EvaluateFlags extends PlaceFlags, TeacherFlags {
  readonly retention?: readonly string[];
  readonly pairs?: readonly string[];
  readonly retrieval?: readonly string[];
  readonly teacher?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
