import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { kernelsForSize, PLATFORM_KERNELS } from '#platform-kernels';
import { ELEMENT_BYTES } from './element-bytes.js';
import { KernelError } from './kernel-error.js';
import { renameKernel, useKernel } from './kernel-remedy.js';
import { jsKernel } from './kernels/js.js';
import { wasmKernel } from './kernels/wasm.js';
import type { PoolingKernel, TableShape } from './pooling-kernel.js';

/** Kernels that `auto` tries, fastest first, without those that need another package. */
const AUTOMATIC: readonly PoolingKernel[] = [wasmKernel, jsKernel];

/** Built-in kernels with a name. */
const KERNELS: readonly PoolingKernel[] = [...AUTOMATIC, ...PLATFORM_KERNELS];

/** Kernels of other packages, by {@link registerKernel}. */
const registered: PoolingKernel[] = [];

/**
 * Returns the named kernels of this platform: built-in ones in the order in which `auto` tries them, then those of
 * {@link registerKernel}.
 *
 * @example
 * ```ts
 * import { namedKernels } from '@model2vec-ts/pooling-kernels';
 *
 * for (const { name, capabilities } of namedKernels()) console.log(name, capabilities.unavailable ?? 'runs here');
 * ```
 */
export function namedKernels(): readonly PoolingKernel[] {
  return [...KERNELS, ...registered];
}

/**
 * Registers a kernel under its name in this program, so that `kernel: 'max'` selects it, for example from a configuration
 * file. `auto` still chooses among built-in kernels only. Registering the same kernel again does nothing.
 *
 * @throws {@link KernelError} `unknown-kernel` if it is no kernel, `kernel-name-taken` if another one has its name
 *
 * @example
 * ```ts
 * import { registerKernel, selectKernel } from '@model2vec-ts/pooling-kernels';
 * import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
 *
 * declare module '@model2vec-ts/pooling-kernels' {
 *   interface RegisteredKernels {
 *     mine: true; // the types know the name from here on
 *   }
 * }
 *
 * registerKernel({ ...jsKernel, name: 'mine' });
 * selectKernel('mine', { dtype: 'int8' }).name; // 'mine'
 * ```
 */
export function registerKernel(kernel: PoolingKernel): void {
  if (kernel?.specificationVersion !== 'v1') {
    throw new KernelError(
      'unknown-kernel',
      'only a PoolingKernel of specificationVersion v1 can be registered',
    );
  }
  const { name } = kernel;
  const holder = namedKernels().find((each) => each.name === name);
  if (holder === kernel) return;
  if (holder !== undefined || name === 'auto') {
    throw new KernelError(
      'kernel-name-taken',
      name === 'auto' ? 'auto means the best built-in kernel' : `another kernel has the name ${name}`,
      renameKernel(),
    );
  }
  registered.push(kernel);
}

/** Names of registered kernels. Packages add theirs by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: declaration merging adds to it
export interface RegisteredKernels {}

/** Names of built-in kernels and of registered ones. `paged` and `onnx-node` exist in Node only. */
export type KernelName = 'wasm' | 'js' | 'paged' | 'onnx-node' | Extract<keyof RegisteredKernels, string>;

/** Name of a kernel, `auto` for the best one for the table, or a kernel of your own. */
export type KernelChoice = 'auto' | KernelName | PoolingKernel;

/** The facts of a table that decide which kernels accept it: its dtype, and its size if known. */
export type TableNeeds =
  | TableShape
  | (Pick<EmbeddingTable, 'dtype'> & Partial<Pick<EmbeddingTable, 'data' | 'mapping' | 'weights'>>);

function bytesOf(table: TableNeeds): number {
  if ('rows' in table && !('data' in table)) {
    const { dtype, rows, dim, mapping = 0, weights } = table;
    const weightsBytes = weights === undefined ? 0 : weights.length * ELEMENT_BYTES[weights.dtype];
    return rows * dim * ELEMENT_BYTES[dtype] + mapping * 4 + weightsBytes;
  }
  const { data, mapping, weights } = table as Partial<EmbeddingTable>;
  return [data, mapping, weights].reduce((sum, part) => sum + (part?.byteLength ?? 0), 0);
}

/**
 * Returns the chosen kernel. `auto` is the first one that runs here and accepts the table: in Node `paged` from 256 MiB on,
 * then `wasm`, else `js`.
 *
 * @throws {@link KernelError} `unknown-kernel` if no kernel has the name, `unavailable-kernel` if it cannot run on this
 *   platform, `unsupported-table` if it does not accept the table's dtype or size
 *
 * @example
 * ```ts
 * import { selectKernel } from '@model2vec-ts/pooling-kernels';
 *
 * selectKernel('auto', { dtype: 'int8' }).name; // 'wasm', or 'js' without WebAssembly SIMD
 * ```
 */
export function selectKernel(choice: KernelChoice, table: TableNeeds): PoolingKernel {
  const candidates =
    typeof choice === 'string'
      ? choice === 'auto'
        ? [...('data' in table ? [] : kernelsForSize(bytesOf(table))), ...AUTOMATIC]
        : namedKernels().filter((kernel) => kernel.name === choice)
      : [choice].filter((kernel) => kernel?.specificationVersion === 'v1');
  if (candidates.length === 0) {
    const kernels = ['auto', ...namedKernels().map((kernel) => kernel.name)];
    const summary =
      typeof choice === 'string'
        ? `there is no kernel ${JSON.stringify(choice)}`
        : 'a kernel must be a name or a PoolingKernel of specificationVersion v1';
    throw new KernelError('unknown-kernel', summary, useKernel(...kernels));
  }
  const available = candidates.filter(({ capabilities }) => capabilities.unavailable === undefined);
  if (available.length === 0) {
    const reasons = candidates.map(({ name, capabilities }) => `${name}: ${capabilities.unavailable}`);
    throw new KernelError(
      'unavailable-kernel',
      `the kernel cannot run here (${reasons.join('; ')})`,
      useKernel('auto', 'js'),
    );
  }
  const bytes = bytesOf(table);
  const kernel = available.find(
    ({ capabilities: { dtypes, maxTableBytes = Number.POSITIVE_INFINITY } }) =>
      dtypes.includes(table.dtype) && bytes <= maxTableBytes,
  );
  if (kernel === undefined) {
    const taken = available.map(
      ({ name, capabilities: { dtypes, maxTableBytes } }) =>
        `${name} accepts ${dtypes.join(', ')}${maxTableBytes === undefined ? '' : ` of at most ${maxTableBytes} bytes`}`,
    );
    throw new KernelError(
      'unsupported-table',
      `no chosen kernel accepts a table of ${bytes === 0 ? '' : `${bytes} bytes of `}${table.dtype}: ${taken.join('; ')}`,
      choice === 'auto' ? {} : useKernel('auto'),
    );
  }
  return kernel;
}
