/** Source of a row. */
export interface RowPlace {
  /** Index of its file in the call. */
  readonly file: number;
  readonly line: number;
}

/** Sources of the most recent rows by number, so that a row that fails batches later can still be named. */
export class RowPlaces {
  readonly #files: Uint32Array;
  readonly #lines: Uint32Array;
  #added = 0;

  /** @param capacity - number of rows to remember */
  constructor(capacity: number) {
    this.#files = new Uint32Array(capacity);
    this.#lines = new Uint32Array(capacity);
  }

  add(file: number, line: number): void {
    const at = this.#added++ % this.#files.length;
    this.#files[at] = file;
    this.#lines[at] = line;
  }

  /** Returns the place of a row by its number; `undefined` if it was added too long ago. */
  of(index: number): RowPlace | undefined {
    if (index >= this.#added || index < this.#added - this.#files.length) return undefined;
    const at = index % this.#files.length;
    return { file: this.#files[at]!, line: this.#lines[at]! };
  }
}
