import { widenBfloat16, widenFloat16 } from '@model2vec-ts/static-model/half-precision';

/** Returns the float32 values of all 65,536 bit patterns. Both types widen without loss. */
export function halfPrecisionValues(dtype: 'float16' | 'bfloat16'): Float32Array {
  const values = new Float32Array(1 << 16);
  const patterns = Uint16Array.from(values, (_, bits) => bits);
  if (dtype === 'float16') widenFloat16(patterns, values);
  else widenBfloat16(patterns, values);
  return values;
}
