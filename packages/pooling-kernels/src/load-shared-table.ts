import { KernelError } from './kernel-error.js';
import { jsKernel } from './kernels/js.js';
import { wasmKernel } from './kernels/wasm.js';
import type { LoadedKernel, PoolingKernel } from './pooling-kernel.js';
import type { SharedTable } from './shared-table.js';

/**
 * Loads a kernel on the table of another thread's kernel. Its results are the same, and the table is not copied.
 *
 * @param shared - from {@link LoadedKernel.share} on the other thread; load each one once
 * @throws {@link KernelError} `unknown-kernel` if {@link SharedTable.module} has no kernel that loads shared tables;
 *   else as the kernel's `load`
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
export async function loadSharedTable({ kernel, module, data }: SharedTable): Promise<LoadedKernel> {
  const owner: Partial<PoolingKernel> | undefined =
    module === undefined
      ? [wasmKernel, jsKernel].find(({ name }) => name === kernel)
      : // Bundlers would try to resolve the module, whose address only the kernel knows.
        (await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ module))
          .default;
  if (owner?.loadShared === undefined) {
    throw new KernelError(
      'unknown-kernel',
      module === undefined
        ? `there is no built-in kernel ${JSON.stringify(kernel)}, and its shared table names no module`
        : `the default export of ${module} is no kernel with loadShared`,
    );
  }
  return owner.loadShared(data);
}
