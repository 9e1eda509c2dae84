import { missingRuntime, onnxKernel } from '../onnx/onnx-kernel.js';
import type { OnnxRuntime } from '../onnx/onnx-runtime.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** How to run ONNX Runtime in Node. */
export interface OnnxNodeOptions {
  /**
   * The runtime, where it is not to be imported by its name.
   * @default the installed `onnxruntime-node`
   */
  readonly runtime?: OnnxRuntime | undefined;
  /**
   * Where to compute, the preferred first, such as `['cuda', 'cpu']`.
   * @default `['cpu']`
   */
  readonly executionProviders?: readonly string[] | undefined;
}

/**
 * A kernel that pools in ONNX Runtime, by the package `onnxruntime-node`, which you install.
 *
 * It is there for programs that run ONNX Runtime anyway and for its execution providers; `wasm` is faster. Results
 * agree with the `js` kernel within the rounding of float32, most of them bit for bit: rows are added in the same order.
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
  // Next.js, webpack and others fail on an import that they cannot find, unless it stands in a try.
  try {
    return (await import('onnxruntime-node')) as unknown as OnnxRuntime;
  } catch (cause) {
    throw missingRuntime('onnx-node', 'onnxruntime-node', cause);
  }
}
