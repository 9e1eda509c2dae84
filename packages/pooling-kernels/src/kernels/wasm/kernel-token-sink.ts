import type { TokenSink } from '@model2vec-ts/tokenizer';

/** Ids in the kernel's memory; once that is full, in an ordinary array. */
export class KernelTokenSink implements TokenSink {
  ids: Uint32Array;
  length = 0;

  constructor(ids: Uint32Array) {
    this.ids = ids;
  }

  grow(capacity: number): void {
    const grown = new Uint32Array(Math.max(capacity, 2 * this.ids.length));
    grown.set(this.ids.subarray(0, this.length));
    this.ids = grown;
  }
}
