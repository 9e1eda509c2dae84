import { EmbeddingMatrix, normalizeRows } from '@model2vec-ts/pooling-kernels';

/**
 * Returns the first columns of pooled rows, equal to the bit to those of a model loaded with `dimensionality`: columns
 * are pooled independently, and only the length of a row depends on all of them.
 */
export function firstColumns(matrix: EmbeddingMatrix, columns: number, normalize: boolean): EmbeddingMatrix {
  const data = new Float32Array(matrix.rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    data.set(matrix.data.subarray(row * matrix.dim, row * matrix.dim + columns), row * columns);
  }
  if (normalize) normalizeRows(data, columns);
  return new EmbeddingMatrix(data, matrix.rows, columns);
}
