import type { EmbeddingTable, TableElements, TableFile } from '@model2vec-ts/static-model';
import { ELEMENT_BYTES } from '../element-bytes.js';
import type {
  AllocateOptions,
  LoadedKernel,
  LoadOptions,
  PoolingKernel,
  TableShape,
} from '../pooling-kernel.js';
import { LoadedPagedKernel } from './paged/loaded-paged-kernel.js';
import { wasmKernel } from './wasm.js';

/** Share of a table's rows that memory is reserved for; the system provides it when a row is first read. */
const SHARE = 1 / 4;
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 256 << 20;

/** Memory for rows in use, by the table that reads them from a file. */
const slotsOf = new WeakMap<EmbeddingTable, EmbeddingTable>();

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
    return allocatePaged(shape, options.openFile, slotCount(shape));
  },
  async load(table: EmbeddingTable, options?: LoadOptions): Promise<LoadedKernel> {
    const slots = slotsOf.get(table);
    if (slots === undefined) return wasmKernel.load(table, options);
    slotsOf.delete(table);
    const kernel = await wasmKernel.load(slots);
    // Loaded on demand, because pages with the js kernel would get this one too.
    const { LoadedJsKernel } = await import('./js/loaded-js-kernel.js');
    return new LoadedPagedKernel(table, slots, kernel, (own) => new LoadedJsKernel(own));
  },
};

/**
 * Makes a table whose rows are read from a file into so many slots.
 *
 * @example
 * ```ts
 * import { allocatePaged } from '@model2vec-ts/pooling-kernels/paged';
 *
 * const rows = Float32Array.from({ length: 1000 * 2 }, Math.random);
 * // Reads from memory here; a model loader reads from its file.
 * const openFile = () => ({
 *   read: (first: number, target: ArrayLike<number>) =>
 *     (target as Float32Array).set(rows.subarray(first * 2, first * 2 + target.length)),
 *   readAll: () => rows,
 *   close: () => {},
 * });
 * const table = allocatePaged({ dtype: 'float32', rows: 1000, dim: 2 }, openFile, 64);
 * console.log(table.rows); // 1000, of which at most 64 are in memory
 * ```
 */
export function allocatePaged(shape: TableShape, openFile: () => TableFile, slots: number): EmbeddingTable {
  const { dtype, rows, dim, mapping, weights } = shape;
  const memory = wasmKernel.allocateTable({
    ...{ dtype, dim, rows: slots },
    ...(weights && { weights: { dtype: weights.dtype, length: slots } }),
  });
  const file = openFile();
  const table = {
    ...{ dtype, rows, dim, file },
    ...(mapping !== undefined && { mapping: new Int32Array(mapping) }),
    ...(weights !== undefined && {
      weights: new (weights.dtype === 'float64' ? Float64Array : Float32Array)(weights.length),
    }),
    get data(): TableElements {
      return file.readAll();
    },
  } as EmbeddingTable;
  slotsOf.set(table, memory);
  return table;
}

function slotCount({ dtype, rows, dim }: TableShape): number {
  const bytes = dim * ELEMENT_BYTES[dtype];
  const wanted = Math.min(Math.max(rows * bytes * SHARE, LEAST_BYTES), MOST_BYTES);
  return Math.min(rows, Math.max(1, Math.floor(wanted / bytes)));
}
