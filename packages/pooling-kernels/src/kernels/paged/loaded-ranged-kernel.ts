import type { TableRanges } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { PagedPooling, type PagedTable } from './paged-pooling.js';

/** Bytes that are read for nothing if that saves a request. */
const GAP_BYTES = 1 << 15;
/** Browsers send six requests to a server at once over HTTP/1.1, and a hundred over HTTP/2. */
const REQUESTS_AT_ONCE = 16;

/** Pools from rows that a server sends by range. */
export class LoadedRangedKernel implements LoadedKernel {
  readonly #ranges: TableRanges;
  readonly #pooling: PagedPooling;
  /** Ends with the latest call. Calls take turns, because they share the rows in memory. */
  #turn: Promise<void> = Promise.resolve();

  constructor(paged: PagedTable, ranges: TableRanges) {
    const { dim, data } = paged.slots;
    const largestGap = Math.floor(GAP_BYTES / (dim * data.BYTES_PER_ELEMENT));
    this.#ranges = ranges;
    this.#pooling = new PagedPooling('ranged', paged, { largestGap, atOnce: REQUESTS_AT_ONCE });
  }

  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): Promise<void> {
    const call = this.#turn.then(() => this.#pool(batch, out, options));
    this.#turn = call.catch(() => undefined);
    return call;
  }

  dispose(): void {
    if (this.#pooling.dispose()) this.#ranges.close();
  }

  async #pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): Promise<void> {
    for (const reads of this.#pooling.run(batch, out, options)) {
      const settled = await Promise.allSettled(
        reads.map(({ firstRow, target }) => this.#ranges.read(firstRow, target)),
      );
      // Only now, because the others wrote to shared memory.
      for (const each of settled) if (each.status === 'rejected') throw each.reason;
    }
  }
}
