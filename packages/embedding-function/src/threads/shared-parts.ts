import type { KernelCapabilities, LoadedKernel } from '@model2vec-ts/pooling-kernels';

/** What the threads of an embedder share. */
export interface SharedParts {
  /** Implements `share`. */
  readonly kernel: LoadedKernel;
  readonly capabilities: KernelCapabilities;
  readonly tokenizerJson: Uint8Array;
}
