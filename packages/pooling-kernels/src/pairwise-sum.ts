/** Arrays whose element type decides how each partial sum is rounded. */
export type Values = Float32Array | Float64Array;

/** Longest run that numpy adds with eight accumulators; longer ones it halves. */
const BLOCK = 128;

/**
 * Sum of `count` values in the order in which numpy adds along a contiguous axis, so that the last bit agrees.
 *
 * @param lanes - eight values of scratch, of the type of `values`: storing to them is what rounds
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
