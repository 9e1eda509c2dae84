import { expect, test } from 'vitest';
import { EmbeddingMatrix } from './embedding-matrix.js';

const matrix = new EmbeddingMatrix(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3);

test('becomes arrays of numbers, even as JSON', () => {
  const arrays = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  expect(matrix.toArrays()).toEqual(arrays);
  expect(JSON.parse(JSON.stringify({ matrix }))).toEqual({ matrix: arrays });
});

test('survives structuredClone with its values, and from() restores its methods', () => {
  const clone = structuredClone(matrix);
  expect([clone.rows, clone.dim, [...clone.data]]).toEqual([2, 3, [1, 2, 3, 4, 5, 6]]);
  expect([...EmbeddingMatrix.from(clone)]).toEqual([...matrix]);
});

test('from() refuses data of another size', () => {
  expect(() => EmbeddingMatrix.from({ data: new Float32Array(5), rows: 2, dim: 3 })).toThrow(
    /6 values; found 5/,
  );
});
