import type { ClusterExports } from './cluster-exports.js';

/** Centroids are compared in blocks of two registers of four, as in `assembly/index.ts`. */
const LANES = 4;
const BLOCK = 8;

const { fround } = Math;

/**
 * `assembly/index.ts` in JavaScript, for engines and pages that refuse WebAssembly. Each float32 operation is rounded in
 * the same order, so that the results are equal to the bit. 14 times as slow.
 */
export function jsComparisons(buffer: ArrayBuffer): ClusterExports {
  const floats = new Float32Array(buffer);
  const integers = new Int32Array(buffer);
  const scores = new Float32Array(BLOCK);
  let dim = 0;
  let head = 0;
  /** Indices of the arrays in the buffer, in elements. */
  let points = 0;
  let squares = 0;
  let tails = 0;
  let limits = 0;
  let owners = 0;
  let homes = 0;
  let rows = 0;
  let heads = 0;
  let names = 0;
  let halves = 0;
  let rowTails = 0;
  let gains = 0;

  /** Writes the products of the leading columns of a point and eight centroids to `scores`. */
  function multiplyHeads(point: number, first: number): void {
    // Local sums stay in registers.
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    let x = points + point * dim;
    let at = heads + first * head;
    for (const end = at + BLOCK * head; at < end; at += BLOCK) {
      const value = floats[x++]!;
      a = fround(a + fround(floats[at]! * value));
      b = fround(b + fround(floats[at + 1]! * value));
      c = fround(c + fround(floats[at + 2]! * value));
      d = fround(d + fround(floats[at + 3]! * value));
      e = fround(e + fround(floats[at + 4]! * value));
      f = fround(f + fround(floats[at + 5]! * value));
      g = fround(g + fround(floats[at + 6]! * value));
      h = fround(h + fround(floats[at + 7]! * value));
    }
    scores[0] = a;
    scores[1] = b;
    scores[2] = c;
    scores[3] = d;
    scores[4] = e;
    scores[5] = f;
    scores[6] = g;
    scores[7] = h;
  }

  /** Dot product of the trailing columns of two rows. */
  function multiplyTails(x: number, y: number): number {
    const sums = [0, 0, 0, 0, 0, 0, 0, 0];
    const count = dim - head;
    for (let i = 0; i < count; i++) {
      const lane = i % BLOCK;
      sums[lane] = fround(sums[lane]! + fround(floats[x + i]! * floats[y + i]!));
    }
    for (let lane = 0; lane < LANES; lane++) sums[lane] = fround(sums[lane]! + sums[lane + LANES]!);
    return fround(fround(sums[0]! + sums[2]!) + fround(sums[1]! + sums[3]!));
  }

  /** Whether a centroid could cost less than the limit, by the lengths of the trailing columns. */
  function isPossible(point: number, centroid: number, score: number, limit: number): boolean {
    const most = fround(score + fround(floats[tails + point]! * floats[rowTails + centroid]!));
    const need = fround(floats[squares + point]! - fround(limit * floats[gains + centroid]!));
    return most > fround(0.5 * need);
  }

  function compare(point: number, first: number): void {
    multiplyHeads(point, first);
    // A block rules centroids out by the limit at its start, as the SIMD code does; each comparison uses the current limit.
    const before = floats[limits + point]!;
    const square = floats[squares + point]!;
    for (let lane = 0; lane < BLOCK; lane++) {
      const centroid = first + lane;
      const score = fround(scores[lane]! - floats[halves + centroid]!);
      if (!isPossible(point, centroid, score, before)) continue;
      const name = integers[names + centroid]!;
      if (name === integers[homes + point]) continue;
      const rest = multiplyTails(points + point * dim + head, rows + centroid * dim + head);
      const distance = Math.max(fround(square - fround(2 * fround(score + rest))), 0);
      const cost = fround(distance / floats[gains + centroid]!);
      if (cost < floats[limits + point]!) {
        floats[limits + point] = cost;
        integers[owners + point] = name;
      }
    }
  }

  return {
    configure(theDim, theHead, ...addresses) {
      dim = theDim;
      head = theHead;
      const starts = addresses.map((address) => address / 4);
      [points = 0, squares = 0, tails = 0, limits = 0, owners = 0, homes = 0] = starts;
      [rows = 0, heads = 0, names = 0, halves = 0, rowTails = 0, gains = 0] = starts.slice(6);
    },
    improve(list, count, clusters) {
      for (let i = list / 4; i < list / 4 + count; i++) {
        for (let first = 0; first < clusters; first += BLOCK) compare(integers[i]!, first);
      }
    },
  };
}
