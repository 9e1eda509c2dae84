import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues and eigenvectors of a symmetric matrix, largest value first. */
export interface Eigen {
  readonly values: Float64Array;
  /** Row-major, one eigenvector per column. */
  readonly vectors: Float64Array;
}

/**
 * Decomposes a symmetric matrix.
 *
 * @param matrix - size × size, row-major, each row `stride` numbers apart; only its lower triangle is read
 */
export function symmetricEigen(matrix: Float64Array, size: number, stride: number = size): Eigen {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) =>
      column <= row ? matrix[row * stride + column]! : matrix[column * stride + row]!,
    ),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = Uint32Array.from(realEigenvalues, (_, i) => i).sort(
    (a, b) => realEigenvalues[b]! - realEigenvalues[a]!,
  );
  const vectors = new Float64Array(size * size);
  order.forEach((from, column) => {
    for (let row = 0; row < size; row++) vectors[row * size + column] = eigenvectorMatrix.get(row, from);
  });
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]!), vectors };
}
