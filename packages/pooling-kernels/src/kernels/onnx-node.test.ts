import { describe, it } from 'vitest';
import { countingRuntime } from '../fixtures/counting-runtime.js';
import { testPoolingKernel } from '../testing.js';
import { onnxNodeKernel } from './onnx-node.js';

describe('the onnx-node kernel as a kernel', () => {
  const { runtime, runs } = countingRuntime(() => import('onnxruntime-node'));
  const kernel = async () => onnxNodeKernel({ runtime: await runtime() });
  for (const { name, run } of testPoolingKernel(kernel, { work: runs })) it(name, run);
});
