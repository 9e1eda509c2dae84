import { ONNX_CAPABILITIES } from '../onnx/onnx-capabilities.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** Named kernels that exist in Node only. Their code is loaded on demand. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [
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
