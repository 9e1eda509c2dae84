/**
 * Widens the bits of 16-bit tables to float32, for kernels that compute in float32.
 * @module
 */
export { widenBfloat16 } from './elements/bfloat16.js';
export { widenFloat16 } from './elements/float16.js';
