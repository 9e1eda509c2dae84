/**
 * Solves G X = H for a symmetric positive definite G, in place: H becomes X and G its Cholesky factor.
 *
 * @param g - size × size, row-major; only its lower triangle is read
 * @param h - size × columns, row-major
 */
export function solveSymmetric(g: Float64Array, h: Float64Array, size: number, columns: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = g[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= g[row * size + k]! * g[column * size + k]!;
      g[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / g[column * size + column]!;
    }
  }
  for (let row = 0; row < size; row++)
    eliminate(
      g,
      h,
      row,
      columns,
      size,
      (k) => k < row,
      (k) => row * size + k,
    );
  for (let row = size - 1; row >= 0; row--) {
    eliminate(
      g,
      h,
      row,
      columns,
      size,
      (k) => k > row,
      (k) => k * size + row,
    );
  }
}

/** Subtracts the solved rows from one row, and divides it. */
function eliminate(
  g: Float64Array,
  h: Float64Array,
  row: number,
  columns: number,
  size: number,
  isSolved: (k: number) => boolean,
  factorAt: (k: number) => number,
): void {
  const target = h.subarray(row * columns, (row + 1) * columns);
  for (let k = 0; k < size; k++) {
    if (!isSolved(k)) continue;
    const factor = g[factorAt(k)]!;
    const solved = h.subarray(k * columns, (k + 1) * columns);
    for (let column = 0; column < columns; column++) target[column]! -= factor * solved[column]!;
  }
  const divisor = g[row * size + row]!;
  for (let column = 0; column < columns; column++) target[column]! /= divisor;
}
