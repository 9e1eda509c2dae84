import { invalidArgument } from '../search-error.js';
import { isFloat32Array } from '../vectors/float32-array.js';
import { requireMatrix, type VectorMatrix } from './vector-matrix.js';

/**
 * Returns the cosine of two vectors, computed in float64; 0 if one of them is zero.
 *
 * @example
 * ```ts
 * import { similarity } from '@model2vec-ts/search';
 *
 * console.log(similarity(Float32Array.of(3, 4), Float32Array.of(6, 8))); // 1
 * ```
 */
export function similarity(a: Float32Array, b: Float32Array): number;
/**
 * Returns the cosine of each row of `a` and each row of `b`: `a.rows × b.rows` values, row-major. Costs
 * `a.rows × b.rows × dim` multiplications.
 */
export function similarity(a: VectorMatrix, b: VectorMatrix): Float32Array;
export function similarity(
  a: Float32Array | VectorMatrix,
  b: Float32Array | VectorMatrix,
): number | Float32Array {
  if (isFloat32Array(a) && isFloat32Array(b)) {
    if (a.length !== b.length) throw invalidArgument('b', `a vector of ${a.length} values`, b);
    return cosine(a, 0, b, 0, a.length);
  }
  const [left, right] = [a as VectorMatrix, b as VectorMatrix];
  requireMatrix('a', left);
  requireMatrix('b', right);
  const { dim } = left;
  if (dim !== right.dim) throw invalidArgument('b', `a matrix of ${dim} dimensions`, right.dim);
  const cosines = new Float32Array(left.rows * right.rows);
  for (let i = 0, at = 0; i < left.rows; i++) {
    for (let j = 0; j < right.rows; j++) cosines[at++] = cosine(left.data, i * dim, right.data, j * dim, dim);
  }
  return cosines;
}

/** The cosine of two stretches of `dim` values. */
export function cosine(a: Float32Array, aAt: number, b: Float32Array, bAt: number, dim: number): number {
  let product = 0;
  let aSquare = 0;
  let bSquare = 0;
  for (let i = 0; i < dim; i++) {
    const x = a[aAt + i]!;
    const y = b[bAt + i]!;
    product += x * y;
    aSquare += x * x;
    bSquare += y * y;
  }
  return aSquare === 0 || bSquare === 0 ? 0 : product / Math.sqrt(aSquare * bSquare);
}

/**
 * Inner product of two stretches of `dim` values, four sums at a time: a third of the time of one sum, each of whose
 * additions waits for the one before. Differs from the sum of {@link cosine} by rounding.
 */
export function quickProduct(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  dim: number,
): number {
  const [aEnd, whole] = [aAt + dim, aAt + dim - 3];
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (; aAt < whole; aAt += 4, bAt += 4) {
    first += a[aAt]! * b[bAt]!;
    second += a[aAt + 1]! * b[bAt + 1]!;
    third += a[aAt + 2]! * b[bAt + 2]!;
    fourth += a[aAt + 3]! * b[bAt + 3]!;
  }
  for (; aAt < aEnd; aAt++, bAt++) first += a[aAt]! * b[bAt]!;
  return first + second + (third + fourth);
}
