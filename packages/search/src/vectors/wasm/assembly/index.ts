// Scores rows of packed vectors against one query. Every row starts at a multiple of 16 bytes and has zero padding, so
// no loop has a remainder. Four rows share each load of the query. Bound by reading the rows from memory, once they
// exceed the last-level cache.
//
// Each group of rows also reads one value per cache line a page ahead, so that hardware prefetching does not restart at
// every page: 25 % faster on rows in memory. The rows therefore end AHEAD + 4 rows before the memory does.

/** Bytes of a page. */
const AHEAD: usize = 4096;

/** Inner products of `count` float32 rows, as float32. */
export function float32Scores(rows: usize, stride: i32, count: i32, query: usize, out: usize): void {
  const width = <usize>stride;
  let ahead = i32x4.splat(0);
  let row = 0;
  for (; row + 4 <= count; row += 4, rows += width * 4, out += 16) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      if ((at & 63) === 0) {
        const line = rows + at * 4;
        ahead = v128.xor(ahead, v128.load(line, AHEAD));
        ahead = v128.xor(ahead, v128.load(line, AHEAD + 64));
        ahead = v128.xor(ahead, v128.load(line, AHEAD + 128));
        ahead = v128.xor(ahead, v128.load(line, AHEAD + 192));
      }
      const q = v128.load(query + at);
      a = f32x4.add(a, f32x4.mul(v128.load(rows + at), q));
      b = f32x4.add(b, f32x4.mul(v128.load(rows + width + at), q));
      c = f32x4.add(c, f32x4.mul(v128.load(rows + width * 2 + at), q));
      d = f32x4.add(d, f32x4.mul(v128.load(rows + width * 3 + at), q));
    }
    store<f32>(out, floatSum(a));
    store<f32>(out, floatSum(b), 4);
    store<f32>(out, floatSum(c), 8);
    store<f32>(out, floatSum(d), 12);
  }
  // Keeps the compiler from dropping the loads; the next score, if any, overwrites it.
  store<i32>(out, i32x4.extract_lane(ahead, 0));
  for (; row < count; row++, rows += width, out += 4) {
    let a = f32x4.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      a = f32x4.add(a, f32x4.mul(v128.load(rows + at), v128.load(query + at)));
    }
    store<f32>(out, floatSum(a));
  }
}

/** Inner products of `count` int8 rows with a query of int16 values, as int32: exact up to 130,000 dimensions. */
export function int8Scores(rows: usize, stride: i32, count: i32, query: usize, out: usize): void {
  const width = <usize>stride;
  let ahead = i32x4.splat(0);
  let row = 0;
  for (; row + 4 <= count; row += 4, rows += width * 4, out += 16) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let d = i32x4.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      ahead = v128.xor(ahead, v128.load(rows + at * 4, AHEAD));
      const first = v128.load(query + at * 2);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(rows + at), first));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width + at), first));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width * 2 + at), first));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width * 3 + at), first));
      const second = v128.load(query + at * 2, 16);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(rows + at, 8), second));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width + at, 8), second));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width * 2 + at, 8), second));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_s(rows + width * 3 + at, 8), second));
    }
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7));
    const even = v128.shuffle<i32>(ab, cd, 0, 2, 4, 6);
    v128.store(out, i32x4.add(even, v128.shuffle<i32>(ab, cd, 1, 3, 5, 7)));
  }
  // Keeps the compiler from dropping the loads; the next score, if any, overwrites it.
  store<i32>(out, i32x4.extract_lane(ahead, 0));
  for (; row < count; row++, rows += width, out += 4) {
    let a = i32x4.splat(0);
    for (let at: usize = 0; at < width; at += 8) {
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(rows + at), v128.load(query + at * 2)));
    }
    store<i32>(out, wholeSum(a));
  }
}

/** Numbers of bits in which `count` rows differ from the query, as int32. */
export function binaryDistances(rows: usize, stride: i32, count: i32, query: usize, out: usize): void {
  for (let row = 0; row < count; row++, rows += <usize>stride, out += 4) {
    store<i32>(out, differingBits(rows, <usize>stride, query));
  }
}

/** Writes the numbers of the rows that differ from the query in at most `limit` bits, and returns how many there are. */
export function rowsWithin(rows: usize, stride: i32, count: i32, query: usize, limit: i32, out: usize): i32 {
  let found = 0;
  for (let row = 0; row < count; row++, rows += <usize>stride) {
    // Always written, and kept only if it counts, because a branch would often be mispredicted.
    store<i32>(out + ((<usize>found) << 2), row);
    found += <i32>(differingBits(rows, <usize>stride, query) <= limit);
  }
  return found;
}

/**
 * Multiplies `count` float32 scores by their rows' factors and by `scale`, in place. Writes the positions of those that
 * are at least `least` to `found` and returns their number. Compares four at a time, because few pass.
 */
export function selectFloats(
  scores: usize,
  factors: usize,
  count: i32,
  scale: f32,
  least: f32,
  found: usize,
): i32 {
  return select<f32>(scores, factors, count, scale, least, found);
}

/** Does the same with int32 scores, which become float32. */
export function selectIntegers(
  scores: usize,
  factors: usize,
  count: i32,
  scale: f32,
  least: f32,
  found: usize,
): i32 {
  return select<i32>(scores, factors, count, scale, least, found);
}

function select<T>(scores: usize, factors: usize, count: i32, scale: f32, least: f32, found: usize): i32 {
  let number = 0;
  for (let row = 0; row < count; row += 4, scores += 16, factors += 16) {
    let four = v128.load(scores);
    if (isInteger<T>()) four = f32x4.convert_i32x4_s(four);
    four = f32x4.mul(f32x4.mul(four, v128.load(factors)), f32x4.splat(scale));
    v128.store(scores, four);
    const passed = i32x4.bitmask(f32x4.ge(four, f32x4.splat(least)));
    if (passed === 0) continue;
    for (let lane = 0; lane < 4 && row + lane < count; lane++) {
      store<i32>(found + ((<usize>number) << 2), row + lane);
      number += (passed >> lane) & 1;
    }
  }
  return number;
}

/** Uses the processor's own popcount, which beats SIMD without AVX-512. */
function differingBits(row: usize, width: usize, query: usize): i32 {
  let sum: i64 = 0;
  for (let at: usize = 0; at < width; at += 16) {
    sum += popcnt<i64>(load<i64>(row + at) ^ load<i64>(query + at));
    sum += popcnt<i64>(load<i64>(row + at, 8) ^ load<i64>(query + at, 8));
  }
  return <i32>sum;
}

function floatSum(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

function wholeSum(x: v128): i32 {
  return (
    i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
  );
}
