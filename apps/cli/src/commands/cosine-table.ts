import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';

/**
 * Cosines of every row of one matrix with every row of another, computed in double precision.
 *
 * @returns a row for each row of `left`, a column for each row of `right`; 0 for zero vectors, which have no direction
 */
export function cosineTable(left: EmbeddingMatrix, right: EmbeddingMatrix): number[][] {
  const rightLengths = Array.from(right, lengthOf);
  return Array.from(left, (a) => {
    const length = lengthOf(a);
    return Array.from(right, (b, column) => {
      const product = length * rightLengths[column]!;
      // Rounding may exceed the interval in the last digit.
      return product === 0 ? 0 : Math.max(-1, Math.min(1, dot(a, b) / product));
    });
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}
