/** Longest run that numpy adds with eight accumulators; longer runs are halved. */
const BLOCK: i32 = 128;

/** Added to a norm in float32, as in the reference, so that zero stays zero. */
const NORM_FLOOR: f32 = 1e-32;

/** Divides f32 values by their norm. Overwrites up to three values after the last one. */
export function normalize(values: usize, count: i32): void {
  const norm = f32x4.splat(sqrt<f32>(sumOfSquares(values, count)) + NORM_FLOOR);
  const end = values + ((<usize>count) << 2);
  // Outside the loop; otherwise engines move the square root into it.
  v128.store(values, f32x4.div(v128.load(values), norm));
  for (values += 16; values < end; values += 16) v128.store(values, f32x4.div(v128.load(values), norm));
}

/** Sums in numpy's order for a contiguous axis: its eight accumulators are two registers. */
function sumOfSquares(values: usize, count: i32): f32 {
  if (count > BLOCK) {
    const half = count / 2;
    const left = half - (half & 7);
    return sumOfSquares(values, left) + sumOfSquares(values + ((<usize>left) << 2), count - left);
  }
  let sum: f32 = 0;
  let at = values;
  if (count >= 8) {
    let low = v128.load(at, 0);
    let high = v128.load(at, 16);
    low = f32x4.mul(low, low);
    high = f32x4.mul(high, high);
    const end = values + ((<usize>(count & ~7)) << 2);
    for (at += 32; at < end; at += 32) {
      const x = v128.load(at, 0);
      const y = v128.load(at, 16);
      low = f32x4.add(low, f32x4.mul(x, x));
      high = f32x4.add(high, f32x4.mul(y, y));
    }
    sum = sumOfLanes(low) + sumOfLanes(high);
  }
  const end = values + ((<usize>count) << 2);
  for (; at < end; at += 4) {
    const x = load<f32>(at);
    sum += x * x;
  }
  return sum;
}

function sumOfLanes(four: v128): f32 {
  return (
    f32x4.extract_lane(four, 0) +
    f32x4.extract_lane(four, 1) +
    (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3))
  );
}
