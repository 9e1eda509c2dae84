import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KMeansResult, kMeans, type QuantizeProgress } from './k-means.js';
import { randomNumbers } from './random.js';

/** `count` rows about `centers` places, from a seed. */
function blobs(count: number, dim: number, centers: number, spread: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  const places = Float32Array.from({ length: centers * dim }, () => random() * 2 - 1);
  return Float32Array.from({ length: count * dim }, (_, at) => {
    const center = Math.floor(at / dim) % centers;
    return places[center * dim + (at % dim)]! + (random() - 0.5) * spread;
  });
}

function distance(
  rows: Float32Array,
  i: number,
  centroids: Float32Array,
  cluster: number,
  dim: number,
): number {
  let sum = 0;
  for (let j = 0; j < dim; j++) sum += (rows[i * dim + j]! - centroids[cluster * dim + j]!) ** 2;
  return sum;
}

/** A plain implementation of Lloyd's algorithm from the first rows, as the baseline for a clustering. */
function lloyd(rows: Float32Array, dim: number, clusters: number): number {
  const count = rows.length / dim;
  const centroids = rows.slice(0, clusters * dim);
  const owners = new Int32Array(count).fill(-1);
  for (let moved = true; moved; ) {
    moved = false;
    for (let i = 0; i < count; i++) {
      let best = 0;
      for (let c = 1; c < clusters; c++) {
        if (distance(rows, i, centroids, c, dim) < distance(rows, i, centroids, best, dim)) best = c;
      }
      if (owners[i] !== best) moved = true;
      owners[i] = best;
    }
    const sizes = new Float64Array(clusters);
    const sums = new Float64Array(clusters * dim);
    for (let i = 0; i < count; i++) {
      sizes[owners[i]!]!++;
      for (let j = 0; j < dim; j++) sums[owners[i]! * dim + j]! += rows[i * dim + j]!;
    }
    for (let at = 0; at < centroids.length; at++) {
      const size = sizes[Math.floor(at / dim)]!;
      if (size > 0) centroids[at] = sums[at]! / size;
    }
  }
  let inertia = 0;
  for (let i = 0; i < count; i++) inertia += distance(rows, i, centroids, owners[i]!, dim);
  return inertia;
}

function expectMeans(rows: Float32Array, dim: number, { centroids, owners, inertia }: KMeansResult): void {
  const clusters = centroids.length / dim;
  const sums = new Float64Array(centroids.length);
  const sizes = new Float64Array(clusters);
  let sum = 0;
  owners.forEach((owner, i) => {
    expect(owner >= 0 && owner < clusters).toBe(true);
    sizes[owner]!++;
    for (let j = 0; j < dim; j++) sums[owner * dim + j]! += rows[i * dim + j]!;
    sum += distance(rows, i, centroids, owner, dim);
  });
  for (let at = 0; at < centroids.length; at++) {
    const size = sizes[Math.floor(at / dim)]!;
    if (size > 0) expect(centroids[at]!).toBeCloseTo(sums[at]! / size, 5);
  }
  expect(inertia).toBeCloseTo(sum, 2);
}

describe('kMeans', () => {
  it('finds separate clusters', async () => {
    const rows = blobs(600, 8, 12, 0.05, 3);
    const { owners, centroids, inertia } = await kMeans(rows, 8, { clusters: 12, seed: 1 });
    for (let i = 0; i < 600; i++) expect(owners[i]).toBe(owners[i % 12]);
    expect(new Set(owners).size).toBe(12);
    expectMeans(rows, 8, { owners, centroids, inertia });
  });

  it('ends below Lloyd’s algorithm if clusters have few points, however many columns matter', async () => {
    for (const [dim, seed] of [
      [6, 5],
      [150, 6],
      [200, 7],
    ] as const) {
      const rows = blobs(400, dim, 400, 1, seed);
      const result = await kMeans(rows, dim, { clusters: 60, seed });
      expectMeans(rows, dim, result);
      expect(result.inertia).toBeLessThan(lloyd(rows, dim, 60));
    }
  });

  it('leaves no point that Hartigan’s rule would move, except in the last round', async () => {
    const dim = 130;
    const rows = blobs(500, dim, 500, 1, 9);
    const { owners, centroids } = await kMeans(rows, dim, { clusters: 50, seed: 2 });
    const sizes = new Float64Array(50);
    for (const owner of owners) sizes[owner]!++;
    let movable = 0;
    owners.forEach((owner, i) => {
      const size = sizes[owner]!;
      if (size === 1) return;
      const saved = (size / (size - 1)) * distance(rows, i, centroids, owner, dim);
      for (let c = 0; c < 50; c++) {
        const paid = (sizes[c]! / (sizes[c]! + 1)) * distance(rows, i, centroids, c, dim);
        if (c !== owner && paid < saved * 0.9999) movable++;
      }
    });
    expect(movable).toBeLessThanOrEqual(1);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const rows = blobs(300, 20, 300, 1, 4);
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => kMeans(rows, 20, { clusters: 30, seed })));
    expect(a).toEqual(b);
    expect(a!.owners).not.toEqual(c!.owners);
  });

  it('handles equal rows, zero rows, and as many clusters as rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 40 }),
        fc.nat(99),
        async (dim, values, seed) => {
          const count = Math.ceil(values.length / dim);
          const rows = Float32Array.from({ length: count * dim }, (_, i) => values[i] ?? 0);
          const different = new Set(
            Array.from({ length: count }, (_, i) => rows.subarray(i * dim, (i + 1) * dim).join()),
          ).size;
          const clusters = 1 + (seed % count);
          const result = await kMeans(rows, dim, { clusters, seed });
          expectMeans(rows, dim, result);
          if (clusters >= different) expect(result.inertia).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reports progress, and stops on request', async () => {
    const rows = blobs(3000, 16, 3000, 1, 8);
    const progress: QuantizeProgress[] = [];
    await kMeans(rows, 16, { clusters: 300, seed: 1, onProgress: (each) => progress.push(each) });
    expect(progress.at(-1)).toEqual({ stage: 'clustering', fraction: 1 });
    expect(progress.filter(({ stage }) => stage === 'seeding').length).toBeGreaterThan(3);
    for (const { fraction } of progress) expect(fraction >= 0 && fraction <= 1).toBe(true);
    const stop = new AbortController();
    const clustering = kMeans(rows, 16, {
      clusters: 300,
      seed: 1,
      signal: stop.signal,
      onProgress: ({ stage }) => {
        if (stage === 'clustering') stop.abort(new Error('enough'));
      },
    });
    await expect(clustering).rejects.toThrow('enough');
  });
});
