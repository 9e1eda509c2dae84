/** Vectors of texts that are read row by row, in order. */
export interface VectorStore {
  readonly rows: number;
  readonly dim: number;
  /** Copies rows into a matrix whose rows are `stride` numbers apart. */
  read(from: number, count: number, target: Float32Array, stride: number): Promise<void>;
}

/** Vectors in memory, 4 bytes per number. */
export class MemoryVectors implements VectorStore {
  readonly dim: number;
  readonly #batches: { readonly from: number; readonly data: Float32Array }[] = [];
  #rows = 0;

  constructor(dim: number) {
    this.dim = dim;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends rows, which must not change afterwards. */
  append(data: Float32Array): void {
    this.#batches.push({ from: this.#rows, data });
    this.#rows += data.length / this.dim;
  }

  async read(from: number, count: number, target: Float32Array, stride: number): Promise<void> {
    const { dim } = this;
    let batch = this.#batches.findLastIndex((each) => each.from <= from);
    for (let row = 0; row < count; row++) {
      let { from: first, data } = this.#batches[batch]!;
      if ((from + row - first) * dim >= data.length) ({ from: first, data } = this.#batches[++batch]!);
      const at = (from + row - first) * dim;
      target.set(data.subarray(at, at + dim), row * stride);
    }
  }
}
