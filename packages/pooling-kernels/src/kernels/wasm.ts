import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { checkTable } from '../kernel-input.js';
import type { LoadedKernel, LoadOptions, PoolingKernel, TableShape } from '../pooling-kernel.js';
import { loadWasmTable } from './wasm/load-wasm-table.js';
import { MAX_TABLE_BYTES } from './wasm/memory-map.js';
import type { SharedWasmTable } from './wasm/shared-wasm-kernel.js';
import { missingSimd } from './wasm/simd-support.js';
import { prepareModule } from './wasm/wasm-module.js';
import { allocateWasmTable, isWhole, shapeOf, type WasmTable, wasmTableArrays } from './wasm/wasm-table.js';

/** Tables that were allocated but not loaded yet, by their buffer. */
const allocated = new WeakMap<ArrayBufferLike, WasmTable>();

/**
 * The kernel in WebAssembly with 128-bit SIMD. Its results equal those of kernel `js` to the bit.
 *
 * int8, float16 and bfloat16 tables keep their size in memory; values are widened in registers. `load` copies the
 * table, unless it comes from `allocateTable`. Table and scratch memory must fit in 4 GiB. Ids that a tokenizer writes
 * to `tokenSink()` are not copied. Tables of one dimension use kernel `js`, because numpy adds their values in another
 * order.
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
      // A second kernel in this memory would use the same scratch memory, so the next load copies.
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
