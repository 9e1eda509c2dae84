import { AlgebraThreads } from '../algebra/algebra-threads.js';
import { symmetricEigen } from '../algebra/eigen.js';
import { addProducts, addSquares, padded } from '../algebra/products.js';

/**
 * Number of dimensions to keep: a count, a share of the variance above 0 and below 1, `auto` for all, `null` for no
 * rotation.
 */
export type Dimensionality = number | 'auto' | null;

/** Rows × columns, row-major. */
export interface Rows {
  readonly data: Float64Array;
  readonly rows: number;
  readonly dim: number;
}

/** Rows that are widened to float64 at once. */
const CHUNK = 1020;

/**
 * Rotates rows onto their principal components, largest variance first, like the reference: centred, not whitened, with
 * the sign of each column chosen such that its largest magnitude is positive. Rows are unchanged if there are no more
 * of them than components.
 *
 * @param source - rows × dim, row-major
 */
export async function principalComponents(
  source: Float32Array,
  dim: number,
  dimensionality: Dimensionality,
  threads: number,
): Promise<Rows> {
  const rows = source.length / dim;
  const wanted = dimensionality === 'auto' ? dim : Math.min(dimensionality ?? 0, dim);
  if (dimensionality === null || wanted >= rows) return { data: Float64Array.from(source), rows, dim };
  const algebra = await AlgebraThreads.start(threads);
  try {
    return await project(algebra, centred(source, dim), dim, wanted);
  } finally {
    await algebra.close();
  }
}

/** In float32, like numpy's subtraction of the mean. */
function centred(source: Float32Array, dim: number): Float32Array {
  const means = new Float64Array(dim);
  for (let i = 0; i < source.length; )
    for (let column = 0; column < dim; column++) means[column]! += source[i++]!;
  const rows = source.length / dim;
  const result = new Float32Array(source.length);
  for (let i = 0; i < source.length; ) {
    for (let column = 0; column < dim; column++, i++) result[i] = source[i]! - means[column]! / rows;
  }
  return result;
}

async function project(
  algebra: AlgebraThreads,
  source: Float32Array,
  dim: number,
  wanted: number,
): Promise<Rows> {
  const rows = source.length / dim;
  const width = padded(dim);
  const narrow = algebra.alloc(CHUNK * width * 4);
  const wide = algebra.alloc(CHUNK * width * 8);
  const ones = algebra.alloc(CHUNK * 4);
  const covariance = algebra.alloc(width * width * 8);
  algebra.f32(ones, CHUNK).fill(1);
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    fill(algebra.f32(narrow, CHUNK * width), source, from, count, dim, width);
    await algebra.lanes[0]!.run([['widen', narrow, ones, wide, width, 0, count]]);
    await addSquares(algebra, wide, covariance, count, width);
  }
  const { values, vectors } = symmetricEigen(
    algebra.f64(covariance, width * width).map((sum) => sum / (rows - 1)),
    dim,
    width,
  );
  const kept = Number.isInteger(wanted) ? wanted : componentsOfShare(values, wanted);
  const keptWidth = padded(kept);
  const axes = algebra.alloc(dim * keptWidth * 8);
  const scores = algebra.alloc(CHUNK * keptWidth * 8);
  const axesView = algebra.f64(axes, dim * keptWidth);
  for (let row = 0; row < dim; row++) {
    for (let column = 0; column < kept; column++)
      axesView[row * keptWidth + column] = vectors[row * dim + column]!;
  }
  const data = new Float64Array(rows * kept);
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    fill(algebra.f32(narrow, CHUNK * width), source, from, count, dim, width);
    algebra.f64(scores, CHUNK * keptWidth).fill(0);
    await algebra.lanes[0]!.run([['transposeWiden', narrow, wide, width, CHUNK, 0, CHUNK]]);
    await addProducts(algebra, wide, axes, scores, dim, CHUNK, keptWidth);
    const view = algebra.f64(scores, CHUNK * keptWidth);
    for (let row = 0; row < count; row++) {
      data.set(view.subarray(row * keptWidth, row * keptWidth + kept), (from + row) * kept);
    }
  }
  fixSigns(data, kept);
  return { data, rows, dim: kept };
}

/** Copies rows into a matrix of padded width. */
function fill(
  target: Float32Array,
  source: Float32Array,
  from: number,
  count: number,
  dim: number,
  width: number,
): void {
  for (let row = 0; row < count; row++) {
    target.set(source.subarray((from + row) * dim, (from + row + 1) * dim), row * width);
  }
}

/** The fewest components whose share of the variance exceeds the wanted one, plus one if it is met exactly. */
function componentsOfShare(values: Float64Array, share: number): number {
  const kept = values.map((value) => Math.max(value, 0));
  const total = kept.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  let count = 0;
  for (const value of kept) {
    sum += value;
    if (sum / total >= share) break;
    count++;
  }
  return Math.min(count + 1, values.length);
}

function fixSigns(data: Float64Array, dim: number): void {
  for (let column = 0; column < dim; column++) {
    let largest = 0;
    for (let i = column; i < data.length; i += dim) {
      if (Math.abs(data[i]!) > Math.abs(largest)) largest = data[i]!;
    }
    if (largest >= 0) continue;
    for (let i = column; i < data.length; i += dim) data[i] = -data[i]!;
  }
}
