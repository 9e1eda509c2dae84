import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { invalidArgument } from '../embedding-function-error.js';
import type { OutputMatrix } from './output-matrix.js';

/** Matrices of unfinished calls by their buffer. Weak, because a caller can drop a stream without ending it. */
const unfinished = new WeakMap<ArrayBufferLike, Set<CallerMatrix>>();

/**
 * A matrix in memory of the caller, who can detach or shrink it at any time.
 *
 * A buffer that is resized twice has lost rows and looks like before, so the rows of a resizable buffer are kept
 * elsewhere until the end.
 */
export class CallerMatrix implements OutputMatrix {
  readonly data: Float32Array;
  readonly #out: Float32Array;
  readonly #dim: number;
  /** Values of all rows. */
  readonly #size: number;

  /** @throws `invalid-argument` if `out` is too small */
  constructor(out: Float32Array, rows: number, dim: number) {
    this.#out = out;
    this.#dim = dim;
    this.#size = rows * dim;
    this.reach();
    const { resizable } = out.buffer as { readonly resizable?: boolean };
    this.data = resizable ? new Float32Array(this.#size) : out;
  }

  /**
   * Keeps other calls from writing to the memory until {@link CallerMatrix.release}.
   *
   * @param isLasting - whether another call can begin before this one ends; registering takes as long as a short text
   * @throws `invalid-argument` if an unfinished call writes to the memory
   */
  claim(isLasting = true): this {
    const out = this.#out;
    const calls = unfinished.get(out.buffer);
    for (const other of calls ?? []) {
      const { byteOffset } = other.#out;
      if (byteOffset < out.byteOffset + 4 * this.#size && out.byteOffset < byteOffset + 4 * other.#size) {
        throw invalidArgument('out', 'memory that no unfinished call writes to', out);
      }
    }
    if (isLasting) unfinished.set(out.buffer, (calls ?? new Set()).add(this));
    return this;
  }

  reach(): undefined {
    const out = this.#out;
    // The tag is the same in every realm.
    const isFloat32 = out?.[Symbol.toStringTag] === 'Float32Array';
    if (!isFloat32 || out.length < this.#size) {
      const rule = `a Float32Array of ${this.#size} values or more until the call ends`;
      throw invalidArgument('out', rule, isFloat32 ? out.length : out);
    }
  }

  finish(rows: number = this.#size / this.#dim): EmbeddingMatrix {
    this.reach();
    const out = this.#out;
    const size = rows * this.#dim;
    if (this.data !== out) out.set(this.data.subarray(0, size));
    return new EmbeddingMatrix(out.length === size ? out : out.subarray(0, size), rows, this.#dim);
  }

  release(): void {
    unfinished.get(this.#out.buffer)?.delete(this);
  }
}
