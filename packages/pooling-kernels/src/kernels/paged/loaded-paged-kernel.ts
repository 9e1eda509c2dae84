import type { TableFile } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import type { LoadedKernel, PoolOptions } from '../../pooling-kernel.js';
import { PagedPooling, type PagedTable } from './paged-pooling.js';

/** A read of eight more rows takes less time than another system call. */
const LIMITS = { largestGap: 7, atOnce: 1 };

/** Pools from the rows of a file. */
export class LoadedPagedKernel implements LoadedKernel {
  readonly #file: TableFile;
  readonly #pooling: PagedPooling;

  constructor(paged: PagedTable, file: TableFile) {
    this.#file = file;
    this.#pooling = new PagedPooling('paged', paged, LIMITS);
  }

  pool(batch: TokenBatch, out: Float32Array, options: PoolOptions): void {
    for (const reads of this.#pooling.run(batch, out, options)) {
      for (const { firstRow, target } of reads) this.#file.read(firstRow, target);
    }
  }

  dispose(): void {
    if (this.#pooling.dispose()) this.#file.close();
  }
}
