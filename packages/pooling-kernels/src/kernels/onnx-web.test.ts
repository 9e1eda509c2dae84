import { describe, it } from 'vitest';
import { testPoolingKernel } from '../testing.js';
import { onnxWebKernel } from './onnx-web.js';

// In Node the package runs the same WebAssembly as in a browser, where the browser tests run it too.
describe('the onnx-web kernel as a kernel', () => {
  for (const { name, run } of testPoolingKernel(() => onnxWebKernel())) it(name, run);
});
