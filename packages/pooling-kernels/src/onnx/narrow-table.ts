import type { EmbeddingTable } from '@model2vec-ts/static-model';
import { halfPrecisionValues } from '../half-precision.js';

/**
 * Converts a table for a back end that supports float32 only: WebGPU has no wider type, and float16 only on some
 * devices. Rows of float16 and bfloat16 are widened, float64 weights are rounded; int8 is unchanged.
 */
export function narrowTable(table: EmbeddingTable): EmbeddingTable {
  const weights = table.weights && { weights: Float32Array.from(table.weights) };
  if (table.dtype !== 'float16' && table.dtype !== 'bfloat16') return { ...table, ...weights };
  const values = halfPrecisionValues(table.dtype);
  const data = Float32Array.from(table.data, (bits) => values[bits]!);
  return { ...table, ...weights, dtype: 'float32', data };
}
