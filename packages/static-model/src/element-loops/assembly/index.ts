/** 2⁻¹⁴: below it, float16 has only multiples of 2⁻²⁴. */
const SMALLEST_NORMAL: f32 = 0.00006103515625;
/** Fraction bits of a float32 that float16 lacks. */
const LOST_BITS: i32 = 0x1fff;

/**
 * Returns the largest magnitude of 32-bit words, each masked first, as a signed number.
 *
 * @param end - a multiple of 64 bytes from `at`
 */
export function largestWord(at: usize, end: usize, lowMask: i32, highMask: i32): i32 {
  const mask = i32x4(lowMask, highMask, lowMask, highMask);
  let a = i32x4.splat(0);
  let b = a;
  for (; at < end; at += 64) {
    a = i32x4.max_s(a, v128.and(v128.load(at, 0), mask));
    b = i32x4.max_s(b, v128.and(v128.load(at, 16), mask));
    a = i32x4.max_s(a, v128.and(v128.load(at, 32), mask));
    b = i32x4.max_s(b, v128.and(v128.load(at, 48), mask));
  }
  a = i32x4.max_s(a, b);
  return max(
    max(i32x4.extract_lane(a, 0), i32x4.extract_lane(a, 1)),
    max(i32x4.extract_lane(a, 2), i32x4.extract_lane(a, 3)),
  );
}

/** Returns the largest magnitude of 16-bit words. */
export function largestHalf(at: usize, end: usize): i32 {
  const mask = i16x8.splat(0x7fff);
  let a = i16x8.splat(0);
  for (; at < end; at += 16) a = i16x8.max_s(a, v128.and(v128.load(at), mask));
  a = i16x8.max_s(a, v128.shuffle<i64>(a, a, 1, 0));
  a = i16x8.max_s(a, i16x8.shuffle(a, a, 2, 3, 0, 1, 6, 7, 4, 5));
  return max(i16x8.extract_lane_s(a, 0), i16x8.extract_lane_s(a, 1));
}

/**
 * Converts float32 to int8 as `quantizeTable` defines it. The largest magnitude must lie between 2⁻¹⁴ and 65,520, so
 * that rounded quotients do not exceed 127.
 *
 * @param end - a multiple of 64 bytes from `at`
 * @param to - can be `at`
 */
export function toInt8(at: usize, end: usize, scale: f32, to: usize): void {
  const by = f32x4.splat(scale);
  for (; at < end; at += 64) {
    const low = i16x8.narrow_i32x4_s(code(v128.load(at, 0), by), code(v128.load(at, 16), by));
    const high = i16x8.narrow_i32x4_s(code(v128.load(at, 32), by), code(v128.load(at, 48), by));
    v128.store(to, i8x16.narrow_i16x8_s(low, high));
    to += 16;
  }
}

function code(x: v128, scale: v128): v128 {
  // Adding about three quarters drops all bits below 2⁻²⁴.
  const lift = f32x4.splat(0.75);
  const rounded = v128.bitselect(
    f32x4.sub(f32x4.add(x, lift), lift),
    nearestHalf(x),
    f32x4.lt(f32x4.abs(x), f32x4.splat(SMALLEST_NORMAL)),
  );
  // nearestHalf is wrong for subnormal quotients, but those become 0 anyway, and so does 0 / 0.
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(nearestHalf(f32x4.div(rounded, scale))));
}

/** Rounds to the nearest float32 with as many bits as float16, ties to even. */
function nearestHalf(x: v128): v128 {
  const odd = v128.and(i32x4.shr_u(x, 13), i32x4.splat(1));
  const raised = i32x4.add(i32x4.add(x, i32x4.splat(LOST_BITS >> 1)), odd);
  return v128.andnot(raised, i32x4.splat(LOST_BITS));
}
