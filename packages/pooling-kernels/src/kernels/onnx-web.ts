import { missingRuntime, onnxKernel } from '../onnx/onnx-kernel.js';
import type { OnnxRuntime } from '../onnx/onnx-runtime.js';
import type { PoolingKernel } from '../pooling-kernel.js';

/** How to run ONNX Runtime in a browser. */
export interface OnnxWebOptions {
  /**
   * The runtime, where it is not to be imported by its name: set up, or of another bundle, such as
   * `onnxruntime-web/webgpu`.
   * @default the installed `onnxruntime-web`
   */
  readonly runtime?: OnnxRuntime | undefined;
  /**
   * Where to compute, the preferred first, such as `['webgpu', 'wasm']`. With `webgpu` the kernel takes no float64
   * tables, and widens float16 and bfloat16 ones to float32 as it loads them; a graphics processor may add up in another
   * order at each call, so that last bits differ.
   * @default `['wasm']`
   */
  readonly executionProviders?: readonly string[] | undefined;
}

/**
 * A kernel that pools in ONNX Runtime, by the package `onnxruntime-web`, which you install.
 *
 * It is there for pages that run ONNX Runtime anyway and for WebGPU; the kernel `wasm` is faster and smaller by
 * megabytes. Results agree with the `js` kernel within the rounding of float32.
 *
 * @example
 * ```ts
 * import { onnxWebKernel } from '@model2vec-ts/pooling-kernels/onnx-web';
 *
 * const kernel = onnxWebKernel({
 *   runtime: await import('onnxruntime-web/webgpu'),
 *   executionProviders: ['webgpu', 'wasm'],
 * });
 * kernel.name; // 'onnx-web': give the kernel itself to the embedding function as its `kernel`
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
  // Next.js, webpack and others fail on an import that they cannot find, unless it stands in a try.
  try {
    return (await import('onnxruntime-web')) as unknown as OnnxRuntime;
  } catch (cause) {
    throw missingRuntime('onnx-web', 'onnxruntime-web', cause);
  }
}
