import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type {
  AllocateOptions,
  LoadedKernel,
  LoadOptions,
  PoolingKernel,
  TableShape,
} from '../pooling-kernel.js';
import { LoadedPagedKernel } from './paged/loaded-paged-kernel.js';
import { allocatePaged } from './paged/paged-table.js';
import { loadSlots } from './paged/row-slots.js';
import { wasmKernel } from './wasm.js';

/**
 * Reads rows from the model's file when they are first needed, and pools them like kernel `wasm`, to the bit. A large
 * model then starts without reading its table, and needs memory for the rows of its texts only. Rows in use stay in
 * memory, up to a quarter of the table and 256 MiB.
 *
 * Runs on the calling thread. A table that is no file on disk, or that is converted while it is loaded, is kept in memory
 * as by kernel `wasm`. In Node, `auto` chooses this kernel for tables of 256 MiB or more.
 *
 * @example
 * ```ts
 * import { selectKernel } from '@model2vec-ts/pooling-kernels';
 * import { pagedKernel } from '@model2vec-ts/pooling-kernels/paged';
 *
 * selectKernel('auto', { dtype: 'float32', rows: 250_000, dim: 512 }) === pagedKernel; // true in Node
 * ```
 */
export const pagedKernel: PoolingKernel & Required<Pick<PoolingKernel, 'allocateTable'>> = {
  specificationVersion: 'v1',
  name: 'paged',
  // A getter, because kernels import each other in a circle where Node runs the files for browsers.
  get capabilities() {
    return wasmKernel.capabilities;
  },
  allocateTable(shape: TableShape, options: AllocateOptions = {}): EmbeddingTable {
    if (options.openFile === undefined || shape.dim === 1) return wasmKernel.allocateTable(shape, options);
    return allocatePaged(shape, options.openFile);
  },
  async load(table: EmbeddingTable, options?: LoadOptions): Promise<LoadedKernel> {
    const paged = await loadSlots(table);
    return paged === undefined ? wasmKernel.load(table, options) : new LoadedPagedKernel(paged, table.file!);
  },
};
