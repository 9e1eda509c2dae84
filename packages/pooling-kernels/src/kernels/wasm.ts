import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { checkTable } from '../kernel-input.js';
import type { LoadedKernel, LoadOptions, PoolingKernel, TableShape } from '../pooling-kernel.js';
import { jsKernel } from './js.js';
import { LoadedWasmKernel } from './wasm/loaded-wasm-kernel.js';
import { MAX_TABLE_BYTES, memoryMap, tableIn } from './wasm/memory-map.js';
import { SharedWasmKernel, type SharedWasmTable } from './wasm/shared-wasm-kernel.js';
import { missingSimd } from './wasm/simd-support.js';
import { instantiate, prepareModule } from './wasm/wasm-module.js';
import { allocateWasmTable, isWhole, shapeOf, type WasmTable, wasmTableArrays } from './wasm/wasm-table.js';

/** Tables that {@link wasmKernel} allocated and that no kernel was loaded from, by their buffer. */
const allocated = new WeakMap<ArrayBufferLike, WasmTable>();

/**
 * The kernel in WebAssembly with 128-bit SIMD. Results have the bits of the `js` kernel's.
 *
 * int8, float16 and bfloat16 tables stay as they are in memory; values are widened in registers. `load` copies the
 * table once, into memory of its own; a table from `allocateTable` it does not copy. Table and scratch memory must fit
 * in 4 GiB. Ids that a tokenizer writes to `tokenSink()` are not copied either. Tables of one dimension, whose values
 * numpy adds in another order, are left to the `js` kernel.
 *
 * @example
 * ```ts
 * import { wasmKernel } from '@model2vec-ts/pooling-kernels/wasm';
 *
 * const kernel = await wasmKernel.load({ dtype: 'int8', rows: 2, dim: 2, data: Int8Array.of(1, 2, 3, 4) });
 * const out = new Float32Array(2);
 * await kernel.pool({ ids: Uint32Array.of(0, 1), offsets: Uint32Array.of(0, 2) }, out, { normalize: false });
 * out; // 2, 3: the mean of both rows
 * ```
 */
export const wasmKernel: PoolingKernel & Required<Pick<PoolingKernel, 'allocateTable'>> = {
  specificationVersion: 'v1',
  name: 'wasm',
  capabilities: {
    dtypes: ['float64', 'float32', 'float16', 'bfloat16', 'int8'],
    synchronous: true,
    maxBatchTokens: Number.POSITIVE_INFINITY,
    maxTableBytes: MAX_TABLE_BYTES,
    get unavailable(): string | undefined {
      return missingSimd();
    },
  },
  allocateTable(shape: TableShape, options?: LoadOptions): EmbeddingTable {
    const wasmTable = allocateWasmTable(shape, options?.threads);
    prepareModule(wasmTable.threads > 1);
    const table = wasmTableArrays(wasmTable);
    allocated.set(table.data.buffer, wasmTable);
    return table;
  },
  async load(table: EmbeddingTable, { threads = 1 }: LoadOptions = {}): Promise<LoadedKernel> {
    checkTable(table);
    const { buffer } = table.data;
    const own = allocated.get(buffer);
    if (own !== undefined && own.threads >= threads && isWhole(table, wasmTableArrays(own))) {
      // Another kernel of this memory would use the same scratch memory: it gets a copy.
      allocated.delete(buffer);
      return loadWasmTable(own);
    }
    const copy = allocateWasmTable(shapeOf(table), threads);
    const arrays = wasmTableArrays(copy);
    arrays.data.set(table.data);
    arrays.mapping?.set(table.mapping!);
    arrays.weights?.set(table.weights!);
    return loadWasmTable(copy);
  },
  loadShared(data) {
    // Only `share` of a wasm kernel makes such data.
    const { table, thread } = data as SharedWasmTable;
    return loadWasmTable(table, thread);
  },
};

/**
 * A kernel for a table in WebAssembly memory, which is not copied.
 *
 * @param thread - which of the table's scratch memories to use; no two kernels may have the same at one time
 */
export async function loadWasmTable(wasmTable: WasmTable, thread = 0): Promise<LoadedKernel> {
  const { memory, shape, threads } = wasmTable;
  const map = memoryMap(shape, threads, thread);
  const table = tableIn(memory.buffer, shape, map);
  if (shape.dim === 1) return jsKernel.load(table);
  const wasm = await instantiate(memory, threads > 1);
  return threads > 1
    ? new SharedWasmKernel(wasm, table, map, wasmTable)
    : new LoadedWasmKernel(wasm, table, map);
}
