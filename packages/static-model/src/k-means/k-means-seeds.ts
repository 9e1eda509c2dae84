import type { ClusterMemory } from './cluster-memory.js';

/** Centroids chosen between two comparisons with all points. */
const BATCH = 64;
/** Points compared at a time: about 1 ms for a batch. */
const SLICE = 4096;
/** Draws in vain in a row after which the distances are brought up to date: what is left lies where the batch does. */
const MOST_REFUSED = 32;

/**
 * Chooses points for the first centroids as k-means++ does: the first anyhow, and each other one with chances in
 * proportion to the squared distance from those chosen before. Leaves each point's nearest one in the memory's `owners`.
 *
 * The distances of all points are brought up to date only once a batch, when a batch of centroids can be compared from
 * registers. In between, a point is drawn by its distance of then, and taken with the chance of its distance of now
 * divided by that: the result has k-means++'s own chances, and few draws are in vain.
 *
 * @returns the part that is done, each time that something else may run
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
        // Every distance is infinite yet. One point gives them all a start.
        batch.push(Math.floor(random() * count));
        break;
      }
      if (total === 0) {
        // Fewer different points than clusters: those that are left over stay empty.
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
    // Rounding may leave a point a little away from itself.
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

/** Index of the first sum above a value; sums ascend. */
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
