import { describe, it } from 'vitest';
import { testPoolingKernel } from '../testing.js';
import { onnxNodeKernel } from './onnx-node.js';

describe('the onnx-node kernel as a kernel', () => {
  for (const { name, run } of testPoolingKernel(() => onnxNodeKernel())) it(name, run);
});
