import type { AlgebraCall, AlgebraThreads } from './algebra-threads.js';

/** Rows of A and B that one pass over the tiles of C reads: they fit in the second-level cache. */
const STRIP = 64;

/**
 * Calls that add AᵀB to C, for one of several threads.
 *
 * @param a - m × p, f64
 * @param b - m × q, f64
 * @param c - p × q, f64
 */
function productCalls(
  a: number,
  b: number,
  c: number,
  m: number,
  p: number,
  q: number,
  lane: number,
  lanes: number,
): AlgebraCall[] {
  const calls: AlgebraCall[] = [];
  for (let row = 0; row < m; row += STRIP) {
    calls.push([
      'addProducts',
      a + row * p * 8,
      b + row * q * 8,
      c,
      Math.min(STRIP, m - row),
      p,
      q,
      lane,
      lanes,
    ]);
  }
  return calls;
}

/** The next multiple of 4, which widths of matrices have here. */
export function padded(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** Adds AᵀB to C on all threads. */
export async function addProducts(
  threads: AlgebraThreads,
  a: number,
  b: number,
  c: number,
  m: number,
  p: number,
  q: number,
): Promise<void> {
  await threads.each((lane, lanes) => productCalls(a, b, c, m, p, q, lane, lanes));
}
