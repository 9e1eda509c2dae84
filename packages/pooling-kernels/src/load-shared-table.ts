import { jsKernel } from './kernels/js.js';
import { loadWasmTable } from './kernels/wasm.js';
import type { LoadedKernel } from './pooling-kernel.js';
import type { SharedTable } from './shared-table.js';

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
