/** Memory of a batch's vectors, which later batches reuse. */
export class VectorMemory {
  #values = new Float32Array();

  /** Returns at least `size` values. Overwrites those of the previous batch. */
  reserve(size: number): Float32Array {
    if (this.#values.length < size) this.#values = new Float32Array(size);
    return this.#values;
  }
}
