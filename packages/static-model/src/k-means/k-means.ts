import { ClusterMemory } from './cluster-memory.js';
import { seeds } from './k-means-seeds.js';
import { randomNumbers } from './random.js';

/** Progress of vocabulary quantisation. */
export interface QuantizeProgress {
  /** `seeding` chooses the first centroids, `clustering` moves rows between clusters. */
  readonly stage: 'seeding' | 'clustering';
  /** Finished fraction of the stage, from 0 to 1; for `clustering`, an estimate from the rounds so far. */
  readonly fraction: number;
}

/** Options of {@link kMeans}. */
export interface KMeansOptions {
  readonly clusters: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: QuantizeProgress) => void) | undefined;
}

/** Result of {@link kMeans}. */
export interface KMeansResult {
  /** `clusters × dim`, row-major. */
  readonly centroids: Float32Array;
  /** Cluster of each row. */
  readonly owners: Int32Array;
  /** Sum of the rows' squared distances from their centroids. */
  readonly inertia: number;
}

const MOST_ROUNDS = 100;
/** A round that moves at most one point in this many is the last; further rounds change only the fourth digit. */
const SETTLED = 2000;
/** Points compared between checks of the signal: about 50 ms. */
const SLICE = 1024;

/**
 * Clusters rows to minimise the squared distances from the cluster means. k-means++ chooses the first centroids. Then
 * points move one at a time by Hartigan's rule, which accounts for the change of both means. With few points per
 * cluster, as in a vocabulary, the result is well below Lloyd's algorithm. Each round compares all points with the same
 * centroids, then makes the moves that still pay after the moves before them. Unchanged clusters are compared only with
 * points whose own cluster got worse.
 *
 * The same rows and seed give the same bytes on every machine: sums have a fixed order, and WebAssembly rounds as IEEE
 * 754 does.
 *
 * @param rows - `count × dim`, row-major, finite
 */
export async function kMeans(rows: Float32Array, dim: number, options: KMeansOptions): Promise<KMeansResult> {
  const { clusters, signal, onProgress = (): void => undefined } = options;
  const count = rows.length / dim;
  const memory = await ClusterMemory.create({ count, dim, clusters });
  const order = columnsByVariance(rows, dim);
  for (let i = 0; i < count; i++) {
    for (let column = 0; column < dim; column++) {
      memory.points[i * memory.dim + column] = rows[i * dim + order[column]!]!;
    }
  }
  memory.measurePoints();
  const pause = async (): Promise<void> => {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  };

  for (const fraction of seeds(memory, clusters, randomNumbers(options.seed))) {
    onProgress({ stage: 'seeding', fraction });
    await pause();
  }
  onProgress({ stage: 'seeding', fraction: 1 });

  const work = new Clustering(memory, clusters);
  let most = 1;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const slice of work.comparisons()) {
      memory.improve(slice);
      await pause();
    }
    const moved = work.movePoints();
    most = Math.max(most, moved);
    const settled = Math.log(most / Math.max(moved, 1)) / Math.log(Math.max((most / count) * SETTLED, 2));
    onProgress({ stage: 'clustering', fraction: Math.min(1, settled) });
    if (moved <= count / SETTLED) break;
  }
  onProgress({ stage: 'clustering', fraction: 1 });

  const centroids = new Float32Array(clusters * dim);
  for (let cluster = 0; cluster < clusters; cluster++) {
    for (let column = 0; column < dim; column++) {
      centroids[cluster * dim + order[column]!] = work.centroids[cluster * memory.dim + column]!;
    }
  }
  return { centroids, owners: work.owners.slice(), inertia: work.inertia() };
}

/** Column indices by descending variance. */
function columnsByVariance(rows: Float32Array, dim: number): Uint32Array {
  const sums = new Float64Array(dim);
  const squares = new Float64Array(dim);
  for (let start = 0; start < rows.length; start += dim) {
    for (let column = 0; column < dim; column++) {
      const value = rows[start + column]!;
      sums[column]! += value;
      squares[column]! += value * value;
    }
  }
  const count = rows.length / dim;
  const variance = squares.map((square, column) => square - (sums[column]! * sums[column]!) / count);
  return Uint32Array.from(variance.keys()).sort((a, b) => variance[b]! - variance[a]! || a - b);
}

/** Points, clusters and memberships. */
class Clustering {
  /** Cluster of each point. */
  readonly owners: Int32Array;
  readonly centroids: Float32Array;
  readonly #memory: ClusterMemory;
  readonly #count: number;
  readonly #clusters: number;
  readonly #sums: Float64Array;
  readonly #sizes: Int32Array;
  /** Cost of each point in its cluster at the last comparison. */
  readonly #costs: Float32Array;
  /** Clusters whose members changed since the last comparison. */
  #changed: Uint8Array;

  /** Starts from the owners in the memory. */
  constructor(memory: ClusterMemory, clusters: number) {
    const count = memory.owners.length;
    this.#memory = memory;
    this.#count = count;
    this.#clusters = clusters;
    this.owners = memory.owners.slice();
    this.centroids = new Float32Array(clusters * memory.dim);
    this.#sums = new Float64Array(clusters * memory.dim);
    this.#sizes = new Int32Array(clusters);
    this.#costs = new Float32Array(count);
    memory.limits.fill(-1);
    this.#changed = new Uint8Array(clusters).fill(1);
    this.#addUp();
  }

  inertia(): number {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum += this.#distance(i, this.owners[i]!);
    return sum;
  }

  /** Sets each group of centroids in turn, and returns the points to compare with it. */
  *comparisons(): Generator<Uint32Array> {
    const memory = this.#memory;
    const worse: number[] = [];
    const others: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      const owner = this.owners[i]!;
      const size = this.#sizes[owner]!;
      memory.owners[i] = owner;
      memory.homes[i] = owner;
      // Any cheaper cluster has changed since the last comparison.
      const least = memory.limits[i]!;
      // Leaving shrinks a cluster; a cluster of one point costs nothing.
      if (size === 1) this.#costs[i] = 0;
      else if (this.#changed[owner] === 1) this.#costs[i] = (size / (size - 1)) * this.#distance(i, owner);
      memory.limits[i] = this.#costs[i]!;
      if (size === 1) continue;
      if (this.#costs[i]! > least) worse.push(i);
      else others.push(i);
    }
    const changed = Array.from(this.#changed.keys()).filter((cluster) => this.#changed[cluster] === 1);
    this.#changed = new Uint8Array(this.#clusters);
    const parts: readonly (readonly [ArrayLike<number>, readonly number[]])[] = [
      [Array.from(this.#sizes.keys()), worse],
      [changed, others],
    ];
    for (const [clusters, points] of parts) {
      if (points.length === 0 || clusters.length === 0) continue;
      memory.setCentroids(this.centroids, clusters, clusters, (cluster) => {
        const size = this.#sizes[cluster]!;
        return size === 0 ? 1 : (size + 1) / size;
      });
      for (let start = 0; start < points.length; start += SLICE) {
        yield Uint32Array.from(points.slice(start, start + SLICE));
      }
    }
  }

  /** Moves points one at a time to the clusters found, if the move still pays after the moves before it. */
  movePoints(): number {
    const { dim, points } = this.#memory;
    let moved = 0;
    for (let i = 0; i < this.#count; i++) {
      const from = this.owners[i]!;
      const to = this.#memory.owners[i]!;
      if (from === to) continue;
      const left = this.#sizes[from]!;
      const joined = this.#sizes[to]!;
      if (left === 1) continue;
      const saved = (left / (left - 1)) * this.#exactDistance(i, from);
      const paid = (joined / (joined + 1)) * this.#exactDistance(i, to);
      // The margin keeps rounding from moving a point back and forth.
      if (!(paid < saved * (1 - 1e-9))) continue;
      for (let column = 0; column < dim; column++) {
        const value = points[i * dim + column]!;
        this.#sums[from * dim + column]! -= value;
        this.#sums[to * dim + column]! += value;
      }
      this.#sizes[from] = left - 1;
      this.#sizes[to] = joined + 1;
      this.owners[i] = to;
      this.#changed[from] = 1;
      this.#changed[to] = 1;
      moved++;
    }
    this.#addUp();
    return moved;
  }

  /** Squared distance of a point from a centroid as last rounded. */
  #distance(point: number, cluster: number): number {
    const { dim, points } = this.#memory;
    const { centroids } = this;
    const x = point * dim;
    const c = cluster * dim;
    let sum = 0;
    for (let column = 0; column < dim; column++) {
      const difference = points[x + column]! - centroids[c + column]!;
      sum += difference * difference;
    }
    return sum;
  }

  /** Squared distance of a point from a cluster's mean after the moves so far. */
  #exactDistance(point: number, cluster: number): number {
    const { dim, points } = this.#memory;
    const size = this.#sizes[cluster]!;
    const x = point * dim;
    const c = cluster * dim;
    let sum = 0;
    for (let column = 0; column < dim; column++) {
      const difference = points[x + column]! - this.#sums[c + column]! / size;
      sum += difference * difference;
    }
    return sum;
  }

  /** Recomputes the sums and centroids of changed clusters from their members. */
  #addUp(): void {
    const { dim, points } = this.#memory;
    this.#fillEmpty();
    for (let cluster = 0; cluster < this.#clusters; cluster++) {
      if (this.#changed[cluster] === 1) this.#sums.fill(0, cluster * dim, (cluster + 1) * dim);
    }
    for (let i = 0; i < this.#count; i++) {
      const owner = this.owners[i]!;
      if (this.#changed[owner] === 0) continue;
      for (let column = 0; column < dim; column++) {
        this.#sums[owner * dim + column]! += points[i * dim + column]!;
      }
    }
    for (let cluster = 0; cluster < this.#clusters; cluster++) {
      const size = this.#sizes[cluster]!;
      if (this.#changed[cluster] === 0 || size === 0) continue;
      for (let at = cluster * dim; at < (cluster + 1) * dim; at++) {
        this.centroids[at] = this.#sums[at]! / size;
      }
    }
  }

  /** Counts members, and gives each empty cluster the most expensive point. */
  #fillEmpty(): void {
    this.#sizes.fill(0);
    for (let i = 0; i < this.#count; i++) this.#sizes[this.owners[i]!]!++;
    for (let cluster = 0; cluster < this.#clusters; cluster++) {
      if (this.#sizes[cluster] !== 0) continue;
      let farthest = -1;
      for (let i = 0; i < this.#count; i++) {
        if (this.#sizes[this.owners[i]!]! === 1 || !(this.#costs[i]! > 0)) continue;
        if (farthest < 0 || this.#costs[i]! > this.#costs[farthest]!) farthest = i;
      }
      // Fewer distinct points than clusters: the cluster stays empty.
      if (farthest < 0) return;
      const from = this.owners[farthest]!;
      this.#sizes[from]!--;
      this.#sizes[cluster] = 1;
      this.owners[farthest] = cluster;
      this.#costs[farthest] = 0;
      this.#changed[from] = 1;
      this.#changed[cluster] = 1;
    }
  }
}
