import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { startPrefault } from '#prefault';
import { EmbeddingFunctionError } from './embedding-function-error.js';
import { useStream } from './embedding-function-remedy.js';
import type { Prefault } from './prefault/prefault.js';

/** @throws {@link EmbeddingFunctionError} `invalid-argument` if there is not enough memory for the rows */
export function emptyMatrix(rows: number, dim: number): EmbeddingMatrix {
  try {
    return new EmbeddingMatrix(new Float32Array(rows * dim), rows, dim);
  } catch (cause) {
    throw new EmbeddingFunctionError(
      'invalid-argument',
      `${rows} embeddings of ${dim} values need ${(rows * dim * 4) / 2 ** 30} GiB in one piece, ` +
        'more memory than the platform gives',
      { cause, ...useStream() },
    );
  }
}

/** A matrix that is filled from its first row on. If it is large, another thread maps its pages ahead. */
export class NewMatrix {
  #matrix: EmbeddingMatrix;
  #prefault: Prefault | undefined;

  constructor(rows: number, dim: number) {
    this.#matrix = emptyMatrix(rows, dim);
    this.#prefault = startPrefault(this.#matrix.data);
  }

  /** The rows reached so far. {@link NewMatrix.reach} can replace the array. */
  get data(): Float32Array {
    return this.#matrix.data;
  }

  /** Resolves when the rows before `end` may be written; returns no promise if they already may. */
  reach(end: number): Promise<void> | undefined {
    return this.#prefault && this.#reach(end, this.#prefault);
  }

  /** Returns the matrix. Always call it at the end, even if the matrix is not needed. */
  finish(): EmbeddingMatrix {
    this.#prefault?.stop();
    this.#prefault = undefined;
    return this.#matrix;
  }

  async #reach(end: number, prefault: Prefault): Promise<void> {
    const { data, rows, dim } = this.#matrix;
    if (await prefault.reach(end * dim)) return;
    // A late read would overwrite written rows.
    this.finish();
    this.#matrix = emptyMatrix(rows, dim);
    this.data.set(data);
  }
}
