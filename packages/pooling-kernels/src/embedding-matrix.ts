/** Embeddings of several texts: row-major `rows × dim` float32. Iteration yields the rows as views. */
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

  /** Embedding of text `i`: a view, not a copy. */
  row(i: number): Float32Array {
    return this.data.subarray(i * this.dim, (i + 1) * this.dim);
  }

  *[Symbol.iterator](): Iterator<Float32Array> {
    for (let i = 0; i < this.rows; i++) yield this.row(i);
  }
}
