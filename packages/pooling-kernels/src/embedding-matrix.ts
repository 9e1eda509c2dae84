/**
 * Embeddings of several texts: row-major `rows × dim` float32. Iteration yields the rows as views.
 *
 * Its values are plain properties, so `structuredClone` and `postMessage` keep them; {@link EmbeddingMatrix.from} restores
 * the methods on the other side.
 *
 * @example
 * ```ts
 * import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
 *
 * const matrix = new EmbeddingMatrix(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3);
 * console.log(matrix.row(1)); // Float32Array [ 4, 5, 6 ], a view of `data`
 * for (const row of matrix) console.log(row[0]); // 1, then 4
 * ```
 */
export class EmbeddingMatrix implements Iterable<Float32Array> {
  /** `rows × dim` values, row-major. */
  readonly data: Float32Array;
  /** Number of texts. */
  readonly rows: number;
  /** Values of one embedding. */
  readonly dim: number;

  constructor(data: Float32Array, rows: number, dim: number) {
    this.data = data;
    this.rows = rows;
    this.dim = dim;
  }

  /**
   * Returns a matrix over the data of another one, such as a structured clone, which has no methods.
   *
   * @throws RangeError if `data` has other than `rows × dim` values
   * @example
   * ```ts
   * import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
   *
   * const clone = structuredClone(new EmbeddingMatrix(Float32Array.of(1, 2, 3, 4), 2, 2));
   * console.log(EmbeddingMatrix.from(clone).toArrays()); // [[1, 2], [3, 4]]
   * ```
   */
  static from({ data, rows, dim }: Pick<EmbeddingMatrix, 'data' | 'rows' | 'dim'>): EmbeddingMatrix {
    if (data.length !== rows * dim) {
      throw new RangeError(`data must have rows × dim = ${rows * dim} values; found ${data.length}`);
    }
    return new EmbeddingMatrix(data, rows, dim);
  }

  /** Embedding of text `i`: a view, not a copy. */
  row(i: number): Float32Array {
    return this.data.subarray(i * this.dim, (i + 1) * this.dim);
  }

  /** Returns one array of numbers per text, for libraries that want `number[][]`. */
  toArrays(): number[][] {
    return Array.from(this, (row) => Array.from(row));
  }

  /** The form in which `JSON.stringify` writes a matrix: one array of numbers per text. */
  toJSON(): number[][] {
    return this.toArrays();
  }

  *[Symbol.iterator](): Iterator<Float32Array> {
    for (let i = 0; i < this.rows; i++) yield this.row(i);
  }
}
