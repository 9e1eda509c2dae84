import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { jsKernel } from './kernels/js.js';
import { loadWasmTable, type WasmTable } from './kernels/wasm.js';
import type { LoadedKernel } from './pooling-kernel.js';

/**
 * The table of a built-in kernel for one more thread, in memory that threads share: `postMessage` hands it over
 * without a copy of the table.
 */
export type SharedTable =
  | { readonly kernel: 'wasm'; readonly table: WasmTable; readonly thread: number }
  | { readonly kernel: 'js'; readonly table: EmbeddingTable };

/**
 * A kernel on the table of another thread's kernel, of the same name and with the same results.
 *
 * @param shared - what {@link LoadedKernel.share} of the other thread's kernel gave; each is for one kernel
 * @throws as the kernel's `load`
 *
 * @example
 * ```ts
 * import { loadSharedTable, type SharedTable } from '@model2vec-ts/pooling-kernels';
 *
 * addEventListener('message', async ({ data }: MessageEvent<SharedTable>) => {
 *   const kernel = await loadSharedTable(data);
 *   kernel.dispose();
 * });
 * ```
 */
export function loadSharedTable(shared: SharedTable): Promise<LoadedKernel> {
  return shared.kernel === 'wasm' ? loadWasmTable(shared.table, shared.thread) : jsKernel.load(shared.table);
}
