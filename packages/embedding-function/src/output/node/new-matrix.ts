import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { Prefault } from '../../prefault/prefault.js';
import { startPrefault } from '../../prefault/zero-reader.js';
import { emptyMatrix } from '../empty-matrix.js';
import type { NewMatrix, OutputMatrix } from '../output-matrix.js';

/** A matrix in new memory. If it is large, another thread maps its pages ahead. */
class PrefaultedMatrix implements OutputMatrix {
  #matrix: EmbeddingMatrix;
  #prefault: Prefault | undefined;

  constructor(rows: number, dim: number) {
    this.#matrix = emptyMatrix(rows, dim);
    this.#prefault = startPrefault(this.#matrix.data);
  }

  get data(): Float32Array {
    return this.#matrix.data;
  }

  reach(end: number): Promise<void> | undefined {
    return this.#prefault && this.#reach(end, this.#prefault);
  }

  finish(): EmbeddingMatrix {
    return this.#matrix;
  }

  release(): void {
    this.#prefault?.stop();
    this.#prefault = undefined;
  }

  async #reach(end: number, prefault: Prefault): Promise<void> {
    const { data, rows, dim } = this.#matrix;
    if (await prefault.reach(end * dim)) return;
    // A late read would overwrite written rows.
    this.release();
    this.#matrix = emptyMatrix(rows, dim);
    this.data.set(data);
  }
}

/** For Node. */
export const newMatrix: NewMatrix = (rows, dim) => new PrefaultedMatrix(rows, dim);
