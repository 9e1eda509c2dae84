import type { KernelCapabilities, SharedTable } from '@model2vec-ts/pooling-kernels';
import type { BatchSettings } from '../batch-encoder.js';

/** All that another thread needs to encode as the calling one does. */
export interface EncoderParts {
  readonly table: SharedTable;
  readonly capabilities: Pick<KernelCapabilities, 'maxBatchTokens' | 'synchronous'>;
  readonly dim: number;
  readonly tokenizerJson: Uint8Array;
}

/** From the calling thread. The first one loads. */
export type ThreadRequest =
  | { readonly type: 'load'; readonly parts: EncoderParts }
  | {
      readonly type: 'encode';
      readonly id: number;
      readonly texts: readonly string[];
      readonly settings: BatchSettings;
      /** Memory for the result, handed over and back; too little of it is replaced. */
      readonly memory: ArrayBuffer | undefined;
    };

/** To the calling thread. */
export type ThreadAnswer =
  | { readonly type: 'loaded' }
  | { readonly type: 'encoded'; readonly id: number; readonly values: Float32Array<ArrayBuffer> }
  /**
   * The texts could not be encoded. Why is not said: the calling thread encodes them again, and so fails with the error
   * itself, of its own class and with all its fields.
   */
  | { readonly type: 'failed'; readonly id: number };
