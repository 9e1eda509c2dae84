import { invalidArgument } from '../search-error.js';
import { isFloat32Array } from '../vectors/float32-array.js';

/** Row-major `rows × dim` float32 values, such as an `EmbeddingMatrix`. */
export interface VectorMatrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

/** Checks the shape of a matrix. */
export function requireMatrix(name: string, matrix: VectorMatrix): void {
  const { data, rows, dim } = matrix ?? {};
  if (isFloat32Array(data) && data.length === rows * dim && rows >= 0 && dim > 0) return;
  throw invalidArgument(name, 'a matrix whose data has rows × dim values', matrix);
}

/** The rows of a matrix as views. */
export function* matrixRows({ data, rows, dim }: VectorMatrix): Generator<Float32Array, void, undefined> {
  for (let row = 0; row < rows; row++) yield data.subarray(row * dim, (row + 1) * dim);
}

/** Puts vectors of equal length one after the other. */
export function matrixOf(vectors: readonly Float32Array[], dim: number): VectorMatrix {
  const data = new Float32Array(vectors.length * dim);
  vectors.forEach((vector, i) => {
    data.set(vector, i * dim);
  });
  return { data, rows: vectors.length, dim };
}
