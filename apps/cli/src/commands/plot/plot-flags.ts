import type { ConnectionFlags } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import type { InputFlags } from '../../flags/reading-flags.js';
import type { LayoutMethod } from './plane-layout.js';

/** Formats of a map. */
export type MapFormat = 'svg' | 'html';

/** The flags of `m2v plot`. */
export interface PlotFlags extends EncodeFlags, ConnectionFlags, InputFlags {
  readonly collection?: string;
  readonly filter?: string;
  readonly force?: boolean;
  readonly colorBy?: string;
  readonly method: LayoutMethod;
  readonly limit: number;
  readonly seed: number;
  readonly title?: string;
  readonly format?: MapFormat;
  readonly output: string;
  readonly quiet?: boolean;
}
