import { invalidArgument } from '../search-error.js';
import { VectorTable } from '../vectors/vector-table.js';
import { matrixRows, requireMatrix, type VectorMatrix } from './vector-matrix.js';

/** The nearest rows of several queries. */
export interface NearestRows {
  /** Rows per query: `k`, or all rows if there are fewer. */
  readonly k: number;
  /** Numbers of the rows: `queries × k`, row-major, best first. */
  readonly rows: Uint32Array;
  /** Their cosines. */
  readonly scores: Float64Array;
}

/**
 * Returns the `k` rows of a matrix nearest to each query by cosine, exactly: the ranking of float64, equal scores in the
 * order of rows. Costs `rows × queries × dim` multiplications and a copy of the matrix.
 *
 * @example
 * ```ts
 * import { nearest } from '@model2vec-ts/search';
 *
 * const matrix = { data: Float32Array.of(1, 0, 0, 1, 1, 1), rows: 3, dim: 2 };
 * const { rows } = await nearest(matrix, { data: Float32Array.of(2, 0), rows: 1, dim: 2 }, 2);
 * console.log(rows); // Uint32Array [ 0, 2 ]
 * ```
 */
export async function nearest(matrix: VectorMatrix, queries: VectorMatrix, k: number): Promise<NearestRows> {
  requireMatrix('matrix', matrix);
  requireMatrix('queries', queries);
  if (matrix.dim !== queries.dim) {
    throw invalidArgument('queries', `a matrix of ${matrix.dim} dimensions`, queries.dim);
  }
  if (!(Number.isSafeInteger(k) && k > 0)) throw invalidArgument('k', 'a whole number above 0', k);
  const table = await VectorTable.create({ type: 'float32', dim: matrix.dim, metric: 'COSINE' });
  table.append(matrixRows(matrix), matrix.rows);
  const width = Math.min(k, matrix.rows);
  const rows = new Uint32Array(queries.rows * width);
  const scores = new Float64Array(queries.rows * width);
  if (width === 0) return { k: 0, rows, scores };
  table.nearest([...matrixRows(queries)], width).forEach((ranked, query) => {
    rows.set(ranked.rows, query * width);
    scores.set(ranked.scores, query * width);
  });
  return { k: width, rows, scores };
}
