/**
 * The safetensors format: where a file's tensors are, and their values.
 * @module
 */
export { parseSafetensors } from './safetensors/safetensors.js';
export type { Safetensors, SafetensorsDtype, Tensor } from './safetensors/tensor.js';
export { widenTensor } from './safetensors/tensor-values.js';
