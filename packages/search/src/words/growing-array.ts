/** A Uint32Array that grows by an eighth; unset positions are 0. */
export class GrowingArray {
  values: Uint32Array = new Uint32Array(64);
  length = 0;

  push(value: number): void {
    this.reserve(this.length + 1);
    this.values[this.length++] = value;
  }

  /** Makes room for `length` values. */
  reserve(length: number): void {
    if (length <= this.values.length) return;
    const larger = new Uint32Array(Math.max(length, this.values.length + (this.values.length >> 3) + 64));
    larger.set(this.values);
    this.values = larger;
  }
}
