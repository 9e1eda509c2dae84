import type { ConnectionFlags } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import type { FileFormat } from '../../input/input-file.js';
import type { LayoutMethod } from './plane-layout.js';

/** What a map is written as. */
export type MapFormat = 'svg' | 'html';

/** The flags of `m2v plot`. */
export interface PlotFlags extends EncodeFlags, ConnectionFlags {
  readonly collection?: string;
  readonly filter?: string;
  readonly force?: boolean;
  readonly format?: FileFormat;
  readonly textField?: string;
  readonly colorBy?: string;
  readonly method: LayoutMethod;
  readonly limit: number;
  readonly seed: number;
  readonly title?: string;
  readonly as?: MapFormat;
  readonly output: string;
  readonly quiet?: boolean;
}
