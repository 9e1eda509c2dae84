import type { AlgebraCall, AlgebraThreads } from './algebra-threads.js';

/** Rows of A and B that one pass over C's tiles reads: they fit in the second-level cache. */
const STRIP = 64;

/** The next multiple of 4, to which widths of matrices are padded. */
export function padded(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/**
 * Adds AᵀB to C on all threads.
 *
 * @param a - m × p, f64
 * @param b - m × q, f64
 * @param c - p × q, f64
 */
export async function addProducts(
  threads: AlgebraThreads,
  a: number,
  b: number,
  c: number,
  m: number,
  p: number,
  q: number,
): Promise<void> {
  await threads.each((lane, lanes) =>
    strips(m, (row, rows) => ['addProducts', a + row * p * 8, b + row * q * 8, c, rows, p, q, lane, lanes]),
  );
}

/** Adds AᵀA to C on all threads; only the lower triangle is computed. A is m × p, C p × p, both f64. */
export async function addSquares(
  threads: AlgebraThreads,
  a: number,
  c: number,
  m: number,
  p: number,
): Promise<void> {
  await threads.each((lane, lanes) =>
    strips(m, (row, rows) => ['addSquares', a + row * p * 8, c, rows, p, lane, lanes]),
  );
}

/** One call per strip of rows. */
function strips(m: number, call: (row: number, rows: number) => AlgebraCall): AlgebraCall[] {
  const calls: AlgebraCall[] = [];
  for (let row = 0; row < m; row += STRIP) calls.push(call(row, Math.min(STRIP, m - row)));
  return calls;
}
