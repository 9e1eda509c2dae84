import type { LoadedKernel } from '../../pooling-kernel.js';
import { jsKernel } from '../js.js';
import { LoadedWasmKernel } from './loaded-wasm-kernel.js';
import { memoryMap, tableIn } from './memory-map.js';
import { SharedWasmKernel } from './shared-wasm-kernel.js';
import { instantiate } from './wasm-module.js';
import type { WasmTable } from './wasm-table.js';

/**
 * Loads a kernel on a table in WebAssembly memory, without copying it.
 *
 * @param thread - index of the scratch memory, which no two kernels may use at once
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
