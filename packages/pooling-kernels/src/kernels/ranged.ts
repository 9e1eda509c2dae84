import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type {
  AllocateOptions,
  LoadedKernel,
  LoadOptions,
  PoolingKernel,
  TableShape,
} from '../pooling-kernel.js';
import { LoadedRangedKernel } from './paged/loaded-ranged-kernel.js';
import { allocateRanged } from './paged/ranged-table.js';
import { loadSlots } from './paged/row-slots.js';
import { wasmKernel } from './wasm.js';

/**
 * Fetches rows from a server when they are first needed, by range requests, and pools them like kernel `wasm`, to the bit.
 * A page can then use a model of hundreds of megabytes after it has loaded the tokenizer, and receives the rows of its
 * texts only. Rows in use stay in memory, up to a quarter of the table and 256 MiB.
 *
 * Runs on the calling thread and is asynchronous, so `encodeSync` is not available. A table whose file is no `rangedFile`,
 * or that is converted while it is loaded, is kept in memory as by kernel `wasm`.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { rangedKernel } from '@model2vec-ts/pooling-kernels/ranged';
 * import { rangedFile } from '@model2vec-ts/static-model/ranged-file';
 *
 * const folder = 'https://example.com/models/large/';
 * const embedder = await Model2VecEmbeddingFunction.create({
 *   modelSource: {
 *     'config.json': new URL('config.json', folder),
 *     'tokenizer.json': new URL('tokenizer.json', folder),
 *     'model.safetensors': rangedFile(new URL('model.safetensors', folder)),
 *   },
 *   kernel: rangedKernel,
 * });
 * await embedder.encode(['only the rows of these words are fetched']);
 * ```
 */
export const rangedKernel: PoolingKernel & Required<Pick<PoolingKernel, 'allocateTable'>> = {
  specificationVersion: 'v1',
  name: 'ranged',
  get capabilities() {
    return { ...wasmKernel.capabilities, synchronous: false };
  },
  allocateTable(shape: TableShape, options: AllocateOptions = {}): EmbeddingTable {
    if (options.openRanges === undefined || shape.dim === 1) return wasmKernel.allocateTable(shape, options);
    return allocateRanged(shape, options.openRanges);
  },
  async load(table: EmbeddingTable, options?: LoadOptions): Promise<LoadedKernel> {
    const paged = await loadSlots(table);
    return paged === undefined
      ? wasmKernel.load(table, { ...options, threads: 1 })
      : new LoadedRangedKernel(paged, table.ranges!);
  },
};
