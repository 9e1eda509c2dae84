import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';

/** Memory that a call fills with embeddings, from the first row on. */
export interface OutputMatrix {
  /** The rows reached so far. {@link OutputMatrix.reach} can replace the array. */
  readonly data: Float32Array;
  /**
   * Resolves when the rows before `end` may be written; returns no promise if they already may.
   *
   * @throws if the memory is gone
   */
  reach(end: number): Promise<void> | void;
  /** Returns the filled matrix. */
  finish(): EmbeddingMatrix;
  /** Always call it at the end, even if the matrix is not needed. */
  release(): void;
}

/**
 * Makes a matrix in new memory.
 *
 * @throws `invalid-argument` if there is not enough memory for the rows
 */
export type NewMatrix = (rows: number, dim: number) => OutputMatrix;

/** Whether other threads can write to the memory of a matrix. */
export function isShared({ data }: OutputMatrix): boolean {
  // The tag is the same in every realm.
  return data.buffer[Symbol.toStringTag] === 'SharedArrayBuffer';
}
