import type { KernelCapabilities } from '../pooling-kernel.js';

/** A model must fit in one protocol buffer, whose limit is 2 GiB; the difference is for names and operations. */
const MAX_TABLE_BYTES = 2 ** 31 - 2 ** 16;

/** Capabilities of the ONNX Runtime kernels. */
export const ONNX_CAPABILITIES: KernelCapabilities = {
  dtypes: ['float64', 'float32', 'float16', 'bfloat16', 'int8'],
  synchronous: false,
  // The rows of all tokens of a call are in memory at once.
  maxBatchTokens: 2 ** 18,
  maxTableBytes: MAX_TABLE_BYTES,
};

/** Capabilities on WebGPU, which has no float64. */
export const WEB_GPU_CAPABILITIES: KernelCapabilities = {
  ...ONNX_CAPABILITIES,
  dtypes: ['float32', 'float16', 'bfloat16', 'int8'],
};
