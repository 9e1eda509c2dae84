import type { ClusterMemory } from './cluster-memory.js';

/** Centroids chosen between two comparisons with all points. */
const BATCH = 64;
/** Points compared at a time: about 1 ms for a batch. */
const SLICE = 4096;
/** Rejected draws in a row before the distances are updated: the remaining points lie near the batch. */
const MOST_REFUSED = 32;

/**
 * Chooses points as the first centroids by k-means++: the first at random, each further one with a probability
 * proportional to its squared distance from the chosen ones. Leaves the nearest centroid of each point in the memory's
 * `owners`.
 *
 * All distances are updated only once per batch, so that a batch of centroids is compared in registers. In between, a
 * point is drawn by its old distance and accepted with the probability new distance / old distance. This gives exactly
 * k-means++'s probabilities and rejects few draws.
 *
 * @returns the finished fraction, at each point where other work may run
 */
export function* seeds(
  memory: ClusterMemory,
  clusters: number,
  random: () => number,
): Generator<number, void, void> {
  const { limits, owners, homes, points, dim } = memory;
  const count = owners.length;
  const sums = new Float64Array(count);
  const everyone = Uint32Array.from(owners.keys());
  limits.fill(Number.POSITIVE_INFINITY);
  owners.fill(0);
  homes.fill(-1);

  for (let first = 0; first < clusters; ) {
    const batch: number[] = [];
    let refused = 0;
    let total = 0;
    for (let i = 0; i < count && first > 0; i++) {
      total += limits[i]!;
      sums[i] = total;
    }
    while (batch.length < BATCH && first + batch.length < clusters && refused < MOST_REFUSED) {
      if (first === 0) {
        // Every distance is still infinite, so one point initialises them all.
        batch.push(Math.floor(random() * count));
        break;
      }
      if (total === 0) {
        // Fewer distinct points than clusters: the other clusters stay empty.
        batch.push(first % count);
        continue;
      }
      const candidate = firstAbove(sums, random() * total);
      let distance = limits[candidate]!;
      for (const chosen of batch)
        distance = Math.min(distance, squaredDistance(points, dim, candidate, chosen));
      if (random() * limits[candidate]! < distance) {
        batch.push(candidate);
        refused = 0;
      } else {
        refused++;
      }
    }
    const names = batch.map((_, i) => first + i);
    memory.setCentroids(points, names, batch, () => 1);
    for (let start = 0; start < count; start += SLICE) {
      memory.improve(everyone.subarray(start, start + SLICE));
    }
    // Rounding may leave a small distance from a point to itself.
    batch.forEach((point, i) => {
      if (limits[point]! > 0 || total > 0) {
        limits[point] = 0;
        owners[point] = first + i;
      }
    });
    first += batch.length;
    yield first / clusters;
  }
}

/** Index of the first sum above a value; sums are ascending. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function squaredDistance(points: Float32Array, dim: number, a: number, b: number): number {
  let sum = 0;
  for (let column = 0; column < dim; column++) {
    const difference = points[a * dim + column]! - points[b * dim + column]!;
    sum += difference * difference;
  }
  return sum;
}
