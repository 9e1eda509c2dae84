import { pagedKernel } from '../kernels/paged.js';
import { ONNX_CAPABILITIES } from '../onnx/onnx-capabilities.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** Size of a table in bytes from which reading rows as needed saves more memory and time than it costs. */
const LARGE = 256 << 20;

/** Kernels that `auto` tries first for a table of this size. */
export const kernelsForSize = (bytes: number): readonly PoolingKernel[] =>
  bytes < LARGE ? [] : [pagedKernel];

/** Named kernels that exist in Node only. Their code is loaded on demand if it needs another package. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [
  pagedKernel,
  {
    specificationVersion: 'v1',
    name: 'onnx-node',
    capabilities: {
      ...ONNX_CAPABILITIES,
      get unavailable(): string | undefined {
        return missing('onnxruntime-node');
      },
    },
    load: async (table) => (await import('../kernels/onnx-node.js')).onnxNodeKernel().load(table),
  },
];

function missing(packageName: string): string | undefined {
  try {
    import.meta.resolve(packageName);
    return undefined;
  } catch {
    return `package ${packageName} is not installed; npm install ${packageName}`;
  }
}
