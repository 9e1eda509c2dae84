/** Where a row came from. */
export interface RowPlace {
  /** Number of its file in the call. */
  readonly file: number;
  readonly line: number;
}

/** Where the last rows came from, by their numbers, so that one that fails some batches later can still be named. */
export class RowPlaces {
  readonly #files: Uint32Array;
  readonly #lines: Uint32Array;
  #added = 0;

  /** @param capacity - rows that are remembered */
  constructor(capacity: number) {
    this.#files = new Uint32Array(capacity);
    this.#lines = new Uint32Array(capacity);
  }

  add(file: number, line: number): void {
    const at = this.#added++ % this.#files.length;
    this.#files[at] = file;
    this.#lines[at] = line;
  }

  /** The place of the row that was added after `index` others; `undefined` when that was too long ago. */
  of(index: number): RowPlace | undefined {
    if (index >= this.#added || index < this.#added - this.#files.length) return undefined;
    const at = index % this.#files.length;
    return { file: this.#files[at]!, line: this.#lines[at]! };
  }
}
