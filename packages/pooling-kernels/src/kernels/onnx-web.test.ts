import { describe, expect, it } from 'vitest';
import { countingRuntime } from '../fixtures/counting-runtime.js';
import { testPoolingKernel } from '../testing.js';
import { onnxWebKernel } from './onnx-web.js';

// In Node the package runs the same WebAssembly as in a browser, where the browser tests run it too.
describe('the onnx-web kernel as a kernel', () => {
  const { runtime, runs } = countingRuntime(() => import('onnxruntime-web'));
  const kernel = async () => onnxWebKernel({ runtime: await runtime() });
  for (const { name, run } of testPoolingKernel(kernel, { work: runs })) it(name, run);
});

it('refuses a runtime with several threads, which would lose additions', async () => {
  const runtime = { ...(await import('onnxruntime-web')), env: { wasm: { numThreads: 4 } } };
  const table = { dtype: 'float32', rows: 1, dim: 1, data: Float32Array.of(1) } as const;
  await expect(onnxWebKernel({ runtime }).load(table)).rejects.toThrow(
    expect.objectContaining({
      code: 'unavailable-kernel',
      message: expect.stringContaining('numThreads to 1'),
    }),
  );
});
