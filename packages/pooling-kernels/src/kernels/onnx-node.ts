import { missingRuntime, onnxKernel } from '../onnx/onnx-kernel.js';
import type { OnnxRuntime } from '../onnx/onnx-runtime.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** Options of ONNX Runtime in Node. */
export interface OnnxNodeOptions {
  /**
   * The runtime.
   *
   * @defaultValue the installed `onnxruntime-node`
   */
  readonly runtime?: OnnxRuntime | undefined;
  /**
   * Where to compute, in order of preference, such as `['cuda', 'cpu']`.
   *
   * @defaultValue `['cpu']`
   */
  readonly executionProviders?: readonly string[] | undefined;
}

/**
 * Creates a kernel that pools in ONNX Runtime. Requires the package `onnxruntime-node`.
 *
 * Use it in programs that already run ONNX Runtime, or for its execution providers; kernel `wasm` is faster. Results
 * agree with kernel `js` within float32 rounding, and mostly to the bit, because rows are added in the same order.
 *
 * @example
 * ```ts
 * import { onnxNodeKernel } from '@model2vec-ts/pooling-kernels/onnx-node';
 *
 * const kernel = await onnxNodeKernel().load({ dtype: 'int8', rows: 2, dim: 2, data: Int8Array.of(1, 2, 3, 4) });
 * const out = new Float32Array(2);
 * await kernel.pool({ ids: Uint32Array.of(0, 1), offsets: Uint32Array.of(0, 2) }, out, { normalize: false });
 * out; // 2, 3: the mean of both rows
 * ```
 */
export function onnxNodeKernel({ runtime, executionProviders }: OnnxNodeOptions = {}): PoolingKernel {
  return onnxKernel({
    name: 'onnx-node',
    packageName: 'onnxruntime-node',
    loadRuntime: async () => runtime ?? (await installedRuntime()),
    executionProviders: executionProviders ?? ['cpu'],
  });
}

async function installedRuntime(): Promise<OnnxRuntime> {
  // Next.js, webpack and others fail on an import of a missing package unless it is in a try block.
  try {
    return (await import('onnxruntime-node')) as unknown as OnnxRuntime;
  } catch (cause) {
    throw missingRuntime('onnx-node', 'onnxruntime-node', cause);
  }
}
