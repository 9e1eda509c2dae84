import { invalidArgument } from '../search-error.js';
import { VectorTable } from '../vectors/vector-table.js';
import { seededRandom } from './random-signs.js';
import { cosine } from './similarity.js';
import { matrixRows, requireMatrix, type VectorMatrix } from './vector-matrix.js';

/** Groups of similar rows. */
export interface Clusters {
  /** Number of clusters. */
  readonly count: number;
  /** Cluster of each row. */
  readonly assignments: Uint32Array;
  /** Directions of the clusters: `count × dim`, row-major, of length 1. */
  readonly centroids: Float32Array;
  /** Rows per cluster. */
  readonly sizes: Uint32Array;
}

/** Options of {@link clusters}. */
export interface ClusterOptions {
  /**
   * Number of clusters, at most the number of rows.
   *
   * @defaultValue the square root of half the rows, rounded
   */
  readonly count?: number;
  /**
   * Limit on rounds; it stops earlier once no row changes its cluster.
   *
   * @defaultValue 25
   */
  readonly rounds?: number;
  /**
   * Seed of the first centroids. Equal seeds give equal clusters.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
}

/**
 * Groups the rows of a matrix by direction: k-means by cosine, initialised by k-means++. Costs `rounds × rows × count ×
 * dim` multiplications.
 *
 * @example
 * ```ts
 * import { clusters } from '@model2vec-ts/search';
 *
 * const matrix = { data: Float32Array.of(1, 0, 0, 1, 2, 0.1), rows: 3, dim: 2 };
 * const { assignments } = await clusters(matrix, { count: 2 });
 * console.log(assignments[0] === assignments[2]); // true
 * ```
 */
export async function clusters(matrix: VectorMatrix, options: ClusterOptions = {}): Promise<Clusters> {
  requireMatrix('matrix', matrix);
  const { rows, dim } = matrix;
  const { count = Math.max(1, Math.round(Math.sqrt(rows / 2))), rounds = 25, seed = 1 } = options;
  if (!(Number.isSafeInteger(count) && count > 0 && count <= Math.max(1, rows))) {
    throw invalidArgument('option count', `a whole number from 1 to ${rows}`, count);
  }
  if (!(Number.isSafeInteger(rounds) && rounds > 0)) {
    throw invalidArgument('option rounds', 'a whole number above 0', rounds);
  }
  const assignments = new Uint32Array(rows);
  const sizes = new Uint32Array(count);
  if (rows === 0) return { count: 0, assignments, centroids: new Float32Array(0), sizes: new Uint32Array(0) };
  const centroids = firstCentroids(matrix, count, seededRandom(seed));
  const queries = [...matrixRows(matrix)];
  for (let round = 0; round < rounds; round++) {
    const table = await VectorTable.create({ type: 'float32', dim, metric: 'COSINE' });
    table.append(matrixRows({ data: centroids, rows: count, dim }), count);
    let changes = 0;
    table.nearest(queries, 1).forEach((ranked, row) => {
      const cluster = ranked.rows[0]!;
      if (assignments[row] !== cluster || round === 0) changes++;
      assignments[row] = cluster;
    });
    if (changes === 0) break;
    moveCentroids(matrix, assignments, centroids, sizes);
  }
  sizes.fill(0);
  for (const cluster of assignments) sizes[cluster]!++;
  return { count, assignments, centroids, sizes };
}

/**
 * Returns for each cluster the row that is nearest to its direction, `undefined` for an empty cluster. Costs
 * `rows × dim` multiplications.
 *
 * @example
 * ```ts
 * import { clusters, representatives } from '@model2vec-ts/search';
 *
 * const matrix = { data: Float32Array.of(1, 0, 1, 0.1, 1, 0.2), rows: 3, dim: 2 };
 * const found = await clusters(matrix, { count: 1 });
 * console.log(representatives(matrix, found)); // [1], the row in the middle
 * ```
 */
export function representatives(matrix: VectorMatrix, found: Clusters): (number | undefined)[] {
  const { dim } = matrix;
  const best: (number | undefined)[] = Array.from({ length: found.count }, () => undefined);
  const scores = new Float64Array(found.count).fill(Number.NEGATIVE_INFINITY);
  found.assignments.forEach((cluster, row) => {
    const score = cosine(matrix.data, row * dim, found.centroids, cluster * dim, dim);
    if (score <= scores[cluster]!) return;
    scores[cluster] = score;
    best[cluster] = row;
  });
  return best;
}

/**
 * Picks rows far from each other: each is drawn with a probability proportional to 1 − its cosine with the nearest
 * earlier one.
 */
function firstCentroids(matrix: VectorMatrix, count: number, random: () => number): Float32Array {
  const { data, rows, dim } = matrix;
  const centroids = new Float32Array(count * dim);
  const distances = new Float64Array(rows).fill(1);
  for (let c = 0; c < count; c++) {
    let total = 0;
    for (const distance of distances) total += distance;
    let left = random() * total;
    let row = 0;
    while (row < rows - 1 && left >= distances[row]!) left -= distances[row++]!;
    centroids.set(unit(data.subarray(row * dim, (row + 1) * dim)), c * dim);
    for (let i = 0; i < rows; i++) {
      const distance = Math.max(0, 1 - cosine(data, i * dim, centroids, c * dim, dim));
      if (c === 0 || distance < distances[i]!) distances[i] = distance;
    }
  }
  return centroids;
}

/** Moves each centroid to the direction of its rows' sum; an empty cluster keeps its centroid. */
function moveCentroids(
  { data, rows, dim }: VectorMatrix,
  assignments: Uint32Array,
  centroids: Float32Array,
  sizes: Uint32Array,
): void {
  const sums = new Float64Array(centroids.length);
  sizes.fill(0);
  for (let row = 0; row < rows; row++) {
    const cluster = assignments[row]!;
    sizes[cluster]!++;
    const vector = unit(data.subarray(row * dim, (row + 1) * dim));
    for (let i = 0; i < dim; i++) sums[cluster * dim + i]! += vector[i]!;
  }
  for (let cluster = 0; cluster < sizes.length; cluster++) {
    if (sizes[cluster] === 0) continue;
    const sum = Float32Array.from(sums.subarray(cluster * dim, (cluster + 1) * dim));
    centroids.set(unit(sum), cluster * dim);
  }
}

function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  return square === 0 ? vector : vector.map((value) => value / Math.sqrt(square));
}
