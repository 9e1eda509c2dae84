import { pairwiseSum } from './pairwise-sum.js';

/** Added to a norm in float32, as in the reference, so that zero stays zero. */
const NORM_FLOOR = Math.fround(1e-32);

/** Scratch that is kept between calls. */
const lanes = new Float32Array(8);
let squares = new Float32Array(0);

/**
 * Scales each row of `dim` values to unit length, equal to the reference to the bit; zero rows are unchanged.
 *
 * @example
 * ```ts
 * import { normalizeRows } from '@model2vec-ts/pooling-kernels';
 *
 * const data = Float32Array.of(3, 4, 0, 0);
 * normalizeRows(data, 2);
 * console.log(data); // Float32Array [ 0.6, 0.8, 0, 0 ], rounded
 * ```
 */
export function normalizeRows(data: Float32Array, dim: number): void {
  for (let at = 0; at + dim <= data.length; at += dim) normalizeRow(data, at, dim);
}

/** {@link normalizeRows} for the row that starts at `at`. */
export function normalizeRow(data: Float32Array, at: number, dim: number): void {
  if (squares.length < dim) squares = new Float32Array(dim);
  for (let j = 0; j < dim; j++) squares[j] = data[at + j]! * data[at + j]!;
  const norm = Math.fround(Math.sqrt(pairwiseSum(squares, 0, dim, lanes)));
  const divisor = Math.fround(norm + NORM_FLOOR);
  for (let j = at; j < at + dim; j++) data[j]! /= divisor;
}
