import { missingRuntime, onnxKernel } from '../onnx/onnx-kernel.js';
import type { OnnxRuntime } from '../onnx/onnx-runtime.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** Options of ONNX Runtime in a browser. */
export interface OnnxWebOptions {
  /**
   * The runtime, for example one that you have configured, or another bundle such as `onnxruntime-web/webgpu`.
   *
   * @defaultValue the installed `onnxruntime-web`
   */
  readonly runtime?: OnnxRuntime | undefined;
  /**
   * Where to compute, in order of preference, such as `['webgpu', 'wasm']`. With `webgpu` the kernel refuses float64
   * tables and widens float16 and bfloat16 ones to float32; a GPU may add in a different order on each call, which
   * changes last bits.
   *
   * @defaultValue `['wasm']`
   */
  readonly executionProviders?: readonly string[] | undefined;
}

/**
 * Creates a kernel that pools in ONNX Runtime. Requires the package `onnxruntime-web`.
 *
 * Use it in pages that already run ONNX Runtime, or for WebGPU; kernel `wasm` is faster and megabytes smaller. Results
 * agree with kernel `js` within float32 rounding.
 *
 * @example
 * ```ts
 * import { onnxWebKernel } from '@model2vec-ts/pooling-kernels/onnx-web';
 *
 * const kernel = onnxWebKernel({
 *   runtime: await import('onnxruntime-web/webgpu'),
 *   executionProviders: ['webgpu', 'wasm'],
 * });
 * kernel.name; // 'onnx-web': pass the kernel to the embedding function as `kernel`
 * ```
 */
export function onnxWebKernel({ runtime, executionProviders }: OnnxWebOptions = {}): PoolingKernel {
  return onnxKernel({
    name: 'onnx-web',
    packageName: 'onnxruntime-web',
    loadRuntime: async () => runtime ?? (await installedRuntime()),
    executionProviders: executionProviders ?? ['wasm'],
  });
}

async function installedRuntime(): Promise<OnnxRuntime> {
  // Next.js, webpack and others fail on an import of a missing package unless it is in a try block.
  try {
    return (await import('onnxruntime-web')) as unknown as OnnxRuntime;
  } catch (cause) {
    throw missingRuntime('onnx-web', 'onnxruntime-web', cause);
  }
}
