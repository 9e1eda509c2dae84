import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { KernelError } from '../../kernel-error.js';
import { shrinkTable, useKernel } from '../../kernel-remedy.js';
import type { TableShape } from '../../pooling-kernel.js';
import { hasWideWeights } from '../../wide-weights.js';
import { memoryMap, tableIn } from './memory-map.js';
import { missingSimd } from './simd-support.js';

/**
 * A table in WebAssembly memory, with scratch memory for each thread. For several threads the memory is shared, so that
 * `postMessage` sends this object without a copy.
 */
export interface WasmTable {
  readonly memory: WebAssembly.Memory;
  readonly shape: TableShape;
  readonly threads: number;
}

/**
 * Allocates memory for a table and the threads that will pool from it. Fill {@link wasmTableArrays}, then load.
 *
 * @param threads - more than one needs a `SharedArrayBuffer`, which only cross-origin isolated pages get
 * @throws {@link KernelError} `unavailable-kernel` if WebAssembly with SIMD cannot run, `unsupported-table` for more
 * than 4 GiB, `out-of-memory` if the platform refuses the memory
 */
export function allocateWasmTable(shape: TableShape, threads = 1): WasmTable {
  const missing = missingSimd();
  if (missing !== undefined) {
    throw new KernelError('unavailable-kernel', missing, useKernel('js'));
  }
  const { pages } = memoryMap(shape, threads, 0);
  try {
    // It never grows, because growing would detach the arrays.
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: threads > 1 });
    return { memory, shape, threads };
  } catch (cause) {
    throw new KernelError(
      'out-of-memory',
      `a table of ${shape.rows} × ${shape.dim} ${shape.dtype} needs ${pages * 64} KiB, more memory than the platform gives`,
      { cause, ...shrinkTable('js') },
    );
  }
}

/** Returns the arrays of a table in WebAssembly memory, as views to fill before a kernel is loaded. */
export function wasmTableArrays({ memory, shape, threads }: WasmTable): EmbeddingTable {
  return tableIn(memory.buffer, shape, memoryMap(shape, threads, 0));
}

export function shapeOf({ dtype, rows, dim, mapping, weights }: EmbeddingTable): TableShape {
  return {
    dtype,
    rows,
    dim,
    ...(mapping !== undefined && { mapping: mapping.length }),
    ...(weights !== undefined && {
      weights: {
        dtype: hasWideWeights({ weights }) ? 'float64' : 'float32',
        length: weights.length,
      },
    }),
  };
}

/** Whether a table is exactly the allocated one: same dtype, shape and memory. */
export function isWhole(table: EmbeddingTable, whole: EmbeddingTable): boolean {
  const isSame = (part: ArrayBufferView | undefined, of: ArrayBufferView | undefined) =>
    part?.buffer === of?.buffer && part?.byteOffset === of?.byteOffset && part?.byteLength === of?.byteLength;
  return (
    table.dtype === whole.dtype &&
    table.rows === whole.rows &&
    isSame(table.data, whole.data) &&
    isSame(table.mapping, whole.mapping) &&
    isSame(table.weights, whole.weights)
  );
}
