import { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import { startPrefault } from '#prefault';
import { EmbeddingFunctionError } from './embedding-function-error.js';
import type { Prefault } from './prefault/prefault.js';

/** @throws {@link EmbeddingFunctionError} `invalid-argument` where there is no memory for so many rows */
export function emptyMatrix(rows: number, dim: number): EmbeddingMatrix {
  try {
    return new EmbeddingMatrix(new Float32Array(rows * dim), rows, dim);
  } catch (cause) {
    throw new EmbeddingFunctionError(
      'invalid-argument',
      `${rows} embeddings of ${dim} values need ${(rows * dim * 4) / 2 ** 30} GiB in one piece, ` +
        'which the platform does not give',
      { cause, remedy: { code: 'use-stream' } },
    );
  }
}

/** A matrix that is written from its first rows on, while another thread sees to its memory where that is large. */
export class NewMatrix {
  #matrix: EmbeddingMatrix;
  #prefault: Prefault | undefined;

  constructor(rows: number, dim: number) {
    this.#matrix = emptyMatrix(rows, dim);
    this.#prefault = startPrefault(this.#matrix.data);
  }

  /** Where rows are written, once they have been reached; another array after that, now and then. */
  get data(): Float32Array {
    return this.#matrix.data;
  }

  /** Resolves when the rows before `end` may be written; no promise comes back where they may at once. */
  reach(end: number): Promise<void> | undefined {
    return this.#prefault && this.#reach(end, this.#prefault);
  }

  /** The matrix. To be called in the end, even where the matrix is of no use. */
  finish(): EmbeddingMatrix {
    this.#prefault?.stop();
    this.#prefault = undefined;
    return this.#matrix;
  }

  async #reach(end: number, prefault: Prefault): Promise<void> {
    const { data, rows, dim } = this.#matrix;
    if (await prefault.reach(end * dim)) return;
    // A read that may come yet would take away what has been written to the same place.
    this.finish();
    this.#matrix = emptyMatrix(rows, dim);
    this.data.set(data);
  }
}
