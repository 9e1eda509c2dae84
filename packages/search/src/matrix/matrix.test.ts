import { describe, expect, it } from 'vitest';
import { SearchError } from '../search-error.js';
import { wordEmbedder } from '../testing.js';
import { clusters, representatives } from './clusters.js';
import { duplicateRows, semanticDeduplicate } from './duplicates.js';
import { nearest } from './nearest.js';
import { seededRandom } from './random-signs.js';
import { similarity } from './similarity.js';
import { matrixRows, type VectorMatrix } from './vector-matrix.js';

/** Rows around `centers` directions, some of them very near to each other. */
function clusteredMatrix(rows: number, dim: number, centers: number, spread: number): VectorMatrix {
  const random = seededRandom(rows + dim);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const directions = Array.from({ length: centers * dim }, normal);
  const data = Float32Array.from(
    { length: rows * dim },
    (_, i) => directions[(Math.floor(i / dim) % centers) * dim + (i % dim)]! + spread * normal(),
  );
  return { data, rows, dim };
}

describe('nearest', () => {
  it.each([1, 3, 16, 100])('ranks as float64 does in %i dimensions', async (dim) => {
    const matrix = clusteredMatrix(2500, dim, 40, 0.4);
    const queries = clusteredMatrix(7, dim, 7, 1);
    const found = await nearest(matrix, queries, 12);
    expect(found.k).toBe(12);
    [...matrixRows(queries)].forEach((query, q) => {
      const scores = [...matrixRows(matrix)].map((row) => similarity(row, query));
      const wanted = scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]! || a - b);
      const rows = found.rows.subarray(q * 12, (q + 1) * 12);
      expect([...rows].map((row) => scores[row]!.toFixed(12))).toEqual(
        wanted.slice(0, 12).map((row) => scores[row]!.toFixed(12)),
      );
      expect(found.scores[q * 12]).toBeCloseTo(scores[wanted[0]!]!, 12);
    });
  });

  it('returns all rows if there are fewer than k', async () => {
    const matrix = clusteredMatrix(3, 4, 3, 1);
    expect((await nearest(matrix, matrix, 10)).rows.length).toBe(9);
    const none = await nearest({ data: new Float32Array(0), rows: 0, dim: 4 }, matrix, 10);
    expect([none.k, none.rows.length]).toEqual([0, 0]);
  });

  it('refuses an invalid matrix, and queries of other dimensions', async () => {
    const matrix = clusteredMatrix(3, 4, 3, 1);
    await expect(nearest({ ...matrix, rows: 4 }, matrix, 1)).rejects.toSatisfy(SearchError.isInstance);
    await expect(nearest(matrix, { ...matrix, rows: 6, dim: 2 }, 1)).rejects.toSatisfy(
      SearchError.isInstance,
    );
    await expect(nearest(matrix, matrix, 0)).rejects.toSatisfy(SearchError.isInstance);
  });
});

describe('similarity', () => {
  it('is the cosine, and 0 for a zero vector', () => {
    expect(similarity(Float32Array.of(3, 4), Float32Array.of(4, 3))).toBeCloseTo(0.96, 15);
    expect(similarity(Float32Array.of(0, 0), Float32Array.of(4, 3))).toBe(0);
    const a = { data: Float32Array.of(1, 0, 0, 1), rows: 2, dim: 2 };
    expect([...similarity(a, { data: Float32Array.of(2, 0), rows: 1, dim: 2 })]).toEqual([1, 0]);
  });
});

describe('duplicateRows', () => {
  it.each([0.5, 0.8, 0.9, 0.97])('finds what comparing all pairs finds at %f', async (threshold) => {
    const matrix = clusteredMatrix(1200, 48, 300, 0.25);
    const rows = [...matrixRows(matrix)];
    const kept: number[] = [];
    const wanted: [number, number][] = [];
    rows.forEach((row, index) => {
      const scores = kept.map((other) => similarity(row, rows[other]!));
      const best = Math.max(...scores, -2);
      if (best >= threshold) wanted.push([index, kept[scores.indexOf(best)]!]);
      else kept.push(index);
    });
    const found = await duplicateRows(matrix, threshold);
    expect(found.kept).toEqual(kept);
    expect(found.duplicates.map(({ index, of }) => [index, of])).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(threshold < 0.97 ? 100 : 0);
  });

  it('keeps zero rows, and treats equal rows as duplicates at 1', async () => {
    const matrix = { data: Float32Array.of(0, 0, 1, 2, 0, 0, 2, 4), rows: 4, dim: 2 };
    const found = await duplicateRows(matrix, 1 - 1e-12);
    expect(found.kept).toEqual([0, 1, 2]);
    expect(found.duplicates).toEqual([{ index: 3, of: 1, score: expect.closeTo(1, 12) }]);
  });
});

describe('semanticDeduplicate', () => {
  it('reports which text was merged into which', async () => {
    const texts = ['the red house', 'a boat', 'red the house', 'a boat', 'a green boat'];
    const { kept, duplicates } = await semanticDeduplicate(texts, {
      embedder: wordEmbedder(),
      threshold: 0.95,
    });
    expect(kept).toEqual([0, 1, 4]);
    expect(duplicates.map(({ index, of }) => [index, of])).toEqual([
      [2, 0],
      [3, 1],
    ]);
  });
});

describe('clusters', () => {
  it('groups rows around their directions, equally for equal seeds', async () => {
    const matrix = clusteredMatrix(400, 24, 8, 0.15);
    const found = await clusters(matrix, { count: 8, seed: 3 });
    expect([...found.sizes].reduce((sum, size) => sum + size)).toBe(400);
    // Rows i and i + 8 have the same direction; few may be in different clusters, where k-means found a local optimum.
    let together = 0;
    for (let i = 0; i < 392; i++) if (found.assignments[i] === found.assignments[i + 8]) together++;
    expect(together / 392).toBeGreaterThan(0.95);
    expect(await clusters(matrix, { count: 8, seed: 3 })).toEqual(found);
  });

  it('has a representative for each cluster that is not empty', async () => {
    const matrix = clusteredMatrix(60, 8, 4, 0.1);
    const found = await clusters(matrix, { count: 4 });
    representatives(matrix, found).forEach((row, cluster) => {
      if (found.sizes[cluster]! > 0) expect(found.assignments[row!]).toBe(cluster);
      else expect(row).toBeUndefined();
    });
  });
});
