import { describe, expect, it } from 'vitest';
import { exactScore, lengthOf } from './exact-score.js';
import { VectorTable } from './vector-table.js';
import { type Metric, packVector } from './vector-type.js';

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Vectors of many shapes: smooth, with one large value, with few distinct values, zero, and copies of earlier ones. */
function mixedVectors(rows: number, dim: number, seed: number): Float32Array[] {
  const random = randomNumbers(seed);
  const vectors: Float32Array[] = [];
  for (let row = 0; row < rows; row++) {
    const shape = Math.floor(random() * 6);
    const vector = Float32Array.from({ length: dim }, () => random() - 0.5);
    if (shape === 1) vector[Math.floor(random() * dim)] = 20;
    if (shape === 2) vector.set(vector.map(Math.sign));
    if (shape === 3 && row % 5 === 0) vector.fill(0);
    vectors.push(shape === 4 && row > 0 ? vectors[Math.floor(random() * row)]!.slice() : vector);
  }
  return vectors;
}

function packedInt8(vector: Float32Array): Int8Array {
  const bytes = new Uint8Array(vector.length);
  packVector('int8', vector, bytes);
  return new Int8Array(bytes.buffer);
}

describe('a table of int8 vectors', () => {
  const cases = [1, 16, 31, 100, 256].flatMap((dim) =>
    (['COSINE', 'IP'] as const).map((metric): [number, Metric] => [dim, metric]),
  );

  it.each(cases)('ranks %i dimensions by %s as float64 does', async (dim, metric) => {
    const vectors = mixedVectors(2500, dim, dim);
    const table = await VectorTable.create({ type: 'int8', dim, metric });
    table.append(vectors, vectors.length);
    expect(table.kernel).toBe('wasm');
    const packed = vectors.map(packedInt8);
    const queries = [...mixedVectors(8, dim, 99), vectors[7]!, new Float32Array(dim)];
    const found = table.nearest(queries, 10);
    queries.forEach((query, q) => {
      const values = packedInt8(query);
      const length = metric === 'COSINE' ? lengthOf(values) : undefined;
      const expected = packed
        .map((row, i) => ({ row: i, score: exactScore(values, row, length) }))
        .sort((a, b) => b.score - a.score || a.row - b.row)
        .slice(0, 10);
      expect(found[q]!.scores).toEqual(expected.map(({ score }) => score));
      expect(found[q]!.rows).toEqual(expected.map(({ row }) => row));
    });
  });

  it('finds a row whose low bits contribute as much as they can', async () => {
    const dim = 256;
    const random = randomNumbers(5);
    const query = Float32Array.from({ length: dim }, () => (random() < 0.5 ? -1 : 1));
    const others = Array.from({ length: 3000 }, () => query.map((sign) => (random() < 0.15 ? -sign : sign)));
    // Stored as 15 and −16, the ends of two ranges of high bits, whose middles are half as far from zero.
    const row = query.map((sign) => (sign > 0 ? 15 : -16) / 127);
    row[0] = query[0]!;
    const table = await VectorTable.create({ type: 'int8', dim, metric: 'COSINE' });
    table.append([...others, row], others.length + 1);
    expect(table.nearest([query], 1)[0]!.rows).toEqual([others.length]);
  });

  it('returns every row as it was stored, also after others are removed', async () => {
    const dim = 40;
    const vectors = mixedVectors(1500, dim, 3);
    // All values of an int8, in each place of a chunk.
    for (let shift = 0; shift < 8; shift++) {
      vectors.push(Float32Array.from({ length: dim }, (_, i) => ((i * 7 + shift * 32) % 255) - 127));
      vectors.at(-1)![shift] = 127;
    }
    const table = await VectorTable.create({ type: 'int8', dim, metric: 'COSINE' });
    table.append(vectors, vectors.length);
    const keep = Uint32Array.from(vectors.keys()).filter((row) => row % 3 !== 1);
    table.compact(keep);
    const restored = await VectorTable.create({ type: 'int8', dim, metric: 'COSINE' }, 'js');
    restored.appendPacked(table.packedRows());
    keep.forEach((row, i) => {
      expect([...table.vector(i)]).toEqual([...packedInt8(vectors[row]!)]);
      expect(restored.vector(i)).toEqual(table.vector(i));
    });
  });
});
