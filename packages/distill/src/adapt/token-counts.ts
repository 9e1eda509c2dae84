/** Token counts of texts: row i of the sparse matrix is count of token ÷ tokens of the text. */
export interface TokenCounts {
  /** Text i owns entries `starts[i]` to `starts[i + 1]`. */
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
  readonly values: Float32Array;
  readonly texts: number;
}

/** Collects {@link TokenCounts}; memory grows with the distinct tokens of each text. */
export class TokenCounter {
  #starts = new Uint32Array(1024);
  #ids = new Uint32Array(16_384);
  #values = new Float32Array(16_384);
  #texts = 0;
  #length = 0;

  get texts(): number {
    return this.#texts;
  }

  /** Adds a text; one without tokens is skipped. */
  add(ids: Uint32Array): void {
    if (ids.length === 0) return;
    const sorted = ids.slice().sort();
    if (this.#length + sorted.length > this.#ids.length) {
      const length = Math.max(this.#ids.length * 2, this.#length + sorted.length);
      this.#ids = grown(this.#ids, new Uint32Array(length));
      this.#values = grown(this.#values, new Float32Array(length));
    }
    if (this.#texts + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(this.#starts.length * 2));
    }
    for (let from = 0; from < sorted.length; ) {
      let to = from + 1;
      while (to < sorted.length && sorted[to] === sorted[from]) to++;
      this.#ids[this.#length] = sorted[from]!;
      this.#values[this.#length++] = (to - from) / sorted.length;
      from = to;
    }
    this.#starts[++this.#texts] = this.#length;
  }

  /** Returns views of the collected counts. */
  counts(): TokenCounts {
    return {
      starts: this.#starts.subarray(0, this.#texts + 1),
      ids: this.#ids.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length),
      texts: this.#texts,
    };
  }
}

function grown<Data extends Uint32Array | Float32Array>(from: Data, to: Data): Data {
  to.set(from);
  return to;
}
