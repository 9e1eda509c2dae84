import type { KernelCapabilities, SharedTable } from '@model2vec-ts/pooling-kernels';
import type { BatchSettings } from '../batch-encoder.js';

/** Everything that another thread needs to encode like the calling one. */
export interface EncoderParts {
  readonly table: SharedTable;
  readonly capabilities: Pick<KernelCapabilities, 'maxBatchTokens' | 'synchronous'>;
  readonly dim: number;
  readonly tokenizerJson: Uint8Array;
}

/** Sent by the calling thread; `load` comes first. */
export type ThreadRequest =
  | { readonly type: 'load'; readonly parts: EncoderParts }
  | {
      readonly type: 'encode';
      readonly id: number;
      readonly texts: readonly string[];
      readonly settings: BatchSettings;
      /**
       * Memory for the result: a buffer, which is transferred both ways and replaced if it is too small, or shared memory
       * of the right size.
       */
      readonly memory: ArrayBuffer | Float32Array | undefined;
    };

/** Sent to the calling thread. */
export type ThreadAnswer =
  | { readonly type: 'loaded' }
  | {
      readonly type: 'encoded';
      readonly id: number;
      /** Absent if they are in the shared memory of the request. */
      readonly values?: Float32Array<ArrayBuffer>;
    }
  /**
   * The texts could not be encoded. Has no reason, because the calling thread encodes them again and so fails with the
   * original error, with its class and fields.
   */
  | { readonly type: 'failed'; readonly id: number };
