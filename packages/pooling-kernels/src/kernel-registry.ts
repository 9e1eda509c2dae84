import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { KernelError } from './kernel-error.js';
import { jsKernel } from './kernels/js.js';
import type { PoolingKernel } from './pooling-kernel.js';

/** Built-in kernels, the fastest first: what `auto` tries in order. */
const KERNELS: readonly PoolingKernel[] = [jsKernel];

/** Names of the built-in kernels. */
export type KernelName = 'js';

/** A kernel by its name, the best one for the table at hand (`auto`), or one of your own. */
export type KernelChoice = 'auto' | KernelName | PoolingKernel;

/**
 * The kernel that `choice` stands for.
 *
 * @throws {@link KernelError} `unknown-kernel` for a name that no built-in kernel has, `unsupported-table` where
 *   the kernel does not take the table's dtype
 * @example
 * ```ts
 * import { selectKernel } from '@model2vec-ts/pooling-kernels';
 *
 * selectKernel('auto', { dtype: 'int8' }).name; // 'js'
 * ```
 */
export function selectKernel(choice: KernelChoice, table: Pick<EmbeddingTable, 'dtype'>): PoolingKernel {
  const candidates =
    typeof choice === 'string'
      ? KERNELS.filter((kernel) => choice === 'auto' || kernel.name === choice)
      : [choice].filter((kernel) => kernel?.specificationVersion === 'v1');
  if (candidates.length === 0) {
    const names = KERNELS.map((kernel) => kernel.name).join(', ');
    const found = typeof choice === 'string' ? JSON.stringify(choice) : 'of this kind';
    throw new KernelError(
      'unknown-kernel',
      `there is no kernel ${found}: use auto, ${names}, or a PoolingKernel of specificationVersion v1`,
    );
  }
  const kernel = candidates.find(({ capabilities }) => capabilities.dtypes.includes(table.dtype));
  if (kernel === undefined) {
    const taken = candidates.map(
      ({ name, capabilities }) => `${name} takes ${capabilities.dtypes.join(', ')}`,
    );
    throw new KernelError(
      'unsupported-table',
      `no kernel asked for takes a table of ${table.dtype}: ${taken.join('; ')}`,
    );
  }
  return kernel;
}
