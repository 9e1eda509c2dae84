/** Arrays whose element type decides the rounding of partial sums. */
export type Values = Float32Array | Float64Array;

/** Longest run that numpy adds with eight accumulators; it halves longer ones. */
const BLOCK = 128;

/**
 * Adds `count` values in numpy's order for a contiguous axis, so that the last bit agrees.
 *
 * @param lanes - scratch of eight values, of the type of `values`; storing to it rounds
 */
export function pairwiseSum(values: Values, from: number, count: number, lanes: Values): number {
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const left = half - (half % 8);
    const sum = pairwiseSum(values, from, left, lanes);
    lanes[0] = sum + pairwiseSum(values, from + left, count - left, lanes);
    return lanes[0]!;
  }
  const end = from + count;
  let at = from;
  if (count < 8) {
    lanes[0] = 0;
  } else {
    for (let lane = 0; lane < 8; lane++) lanes[lane] = values[at + lane]!;
    for (at += 8; at + 8 <= end; at += 8) {
      for (let lane = 0; lane < 8; lane++) lanes[lane]! += values[at + lane]!;
    }
    for (let stride = 1; stride < 8; stride *= 2) {
      for (let lane = 0; lane < 8; lane += 2 * stride) lanes[lane]! += lanes[lane + stride]!;
    }
  }
  for (; at < end; at++) lanes[0]! += values[at]!;
  return lanes[0]!;
}
