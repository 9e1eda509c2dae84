import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { halfPrecisionValues } from '../half-precision.js';

/**
 * The same table for a back end whose only real numbers are float32: WebGPU has nothing wider, and float16 on some
 * devices alone. Rows of float16 and bfloat16 are widened here, weights of float64 rounded; int8 stays as it is.
 */
export function narrowTable(table: EmbeddingTable): EmbeddingTable {
  const weights = table.weights && { weights: Float32Array.from(table.weights) };
  if (table.dtype !== 'float16' && table.dtype !== 'bfloat16') return { ...table, ...weights };
  const values = halfPrecisionValues(table.dtype);
  const data = Float32Array.from(table.data, (bits) => values[bits]!);
  return { ...table, ...weights, dtype: 'float32', data };
}
