// Scores rows of packed vectors against one query. Every row starts at a multiple of 16 bytes and has zero padding, so
// no loop has a remainder. Four rows share each load of the query. Bound by reading the rows from memory, once they
// exceed the last-level cache.
//
// Each group of float32 rows also reads one value per cache line a page ahead, so that hardware prefetching does not
// restart at every page: 25 % faster on rows in memory. The rows therefore end AHEAD + 4 rows before the memory does.
//
// Int8 rows are split into the high and the low halves of their values. The high halves decide which rows need the low
// ones, which are a few in a hundred, so that half of the memory is read: 1.6 times as fast.

/** Bytes of a page. */
const AHEAD: usize = 4096;
/** Makes the highest nibble of a lane signed. */
const TOP_BIT: i16 = -32768;

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

/**
 * Splits an int8 row into the high and the low four bits of its values, each plane `half` bytes long and in the order that
 * {@link nibbleScores} reads. Returns the sum of squares of twice the distances between the values and the middles of
 * their high bits' ranges.
 */
export function splitRow(row: usize, half: i32, high: usize, low: usize): i32 {
  let squares = i32x4.splat(0);
  for (const end = high + <usize>half; high < end; high += 16, low += 16) {
    let highs = i16x8.splat(TOP_BIT);
    let lows = i16x8.splat(TOP_BIT);
    for (let bit = 0; bit < 16; bit += 4, row += 8) {
      const values = v128.xor(v128.load8x8_u(row), i16x8.splat(128));
      const rest = v128.and(values, i16x8.splat(15));
      highs = v128.xor(highs, i16x8.shl(i16x8.shr_u(values, 4), bit));
      lows = v128.xor(lows, i16x8.shl(rest, bit));
      const distance = i16x8.sub(i16x8.shl(rest, 1), i16x8.splat(15));
      squares = i32x4.add(squares, i32x4.dot_i16x8_s(distance, distance));
    }
    v128.store(high, highs);
    v128.store(low, lows);
  }
  return wholeSum(squares);
}

/** Undoes {@link splitRow}. */
export function joinRow(high: usize, low: usize, half: i32, row: usize): void {
  for (const end = high + <usize>half; high < end; high += 16, low += 16) {
    const highs = v128.xor(v128.load(high), i16x8.splat(TOP_BIT));
    const lows = v128.xor(v128.load(low), i16x8.splat(TOP_BIT));
    for (let bit = 0; bit < 16; bit += 4, row += 8) {
      const first = v128.and(i16x8.shr_u(highs, bit), i16x8.splat(15));
      const second = v128.and(i16x8.shr_u(lows, bit), i16x8.splat(15));
      const values = v128.xor(v128.or(i16x8.shl(first, 4), second), i16x8.splat(128));
      v128.store64_lane(row, i8x16.narrow_i16x8_u(values, values), 0);
    }
  }
}

/**
 * Sums of products of the query with the nibbles of one plane, for `count` rows rounded up to a multiple of four. A lane
 * of 16 bits holds one nibble each of values d, d + 8, d + 16 and d + 24; the last one is reduced by 8, so that it is
 * signed. Each nibble is a shifted lane less 16 times the lane shifted four bits further; `query` holds int16 factors that
 * subtract this. Sums that overflow in between are exact in the end.
 */
export function nibbleScores(rows: usize, half: i32, count: i32, query: usize, out: usize): void {
  const width = <usize>half;
  for (let row = 0; row < count; row += 4, rows += width * 4, out += 16) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let d = i32x4.splat(0);
    for (let at: usize = 0, q = query; at < width; at += 16, q += 64) {
      const first = v128.load(q);
      const second = v128.load(q, 16);
      const third = v128.load(q, 32);
      const fourth = v128.load(q, 48);
      a = i32x4.add(a, nibbleProducts(v128.load(rows + at), first, second, third, fourth));
      b = i32x4.add(b, nibbleProducts(v128.load(rows + width + at), first, second, third, fourth));
      c = i32x4.add(c, nibbleProducts(v128.load(rows + width * 2 + at), first, second, third, fourth));
      d = i32x4.add(d, nibbleProducts(v128.load(rows + width * 3 + at), first, second, third, fourth));
    }
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7));
    const even = v128.shuffle<i32>(ab, cd, 0, 2, 4, 6);
    v128.store(out, i32x4.add(even, v128.shuffle<i32>(ab, cd, 1, 3, 5, 7)));
  }
}

function nibbleProducts(lanes: v128, first: v128, second: v128, third: v128, fourth: v128): v128 {
  return i32x4.add(
    i32x4.add(i32x4.dot_i16x8_s(lanes, first), i32x4.dot_i16x8_s(i16x8.shr_s(lanes, 4), second)),
    i32x4.add(
      i32x4.dot_i16x8_s(i16x8.shr_s(lanes, 8), third),
      i32x4.dot_i16x8_s(i16x8.shr_s(lanes, 12), fourth),
    ),
  );
}

/**
 * Writes the positions of the rows whose exact score may be at least `least` to `found` and returns their number. `scores`
 * are those of the high nibbles; 16 times each, plus `offset`, misses the exact product by at most its error times
 * `reach`.
 */
export function selectNear(
  scores: usize,
  errors: usize,
  factors: usize,
  count: i32,
  offset: i32,
  reach: f32,
  scale: f32,
  least: f32,
  found: usize,
): i32 {
  let number = 0;
  for (let row = 0; row < count; row += 4, scores += 16, errors += 16, factors += 16) {
    const near = i32x4.add(i32x4.shl(v128.load(scores), 4), i32x4.splat(offset));
    const most = f32x4.add(f32x4.convert_i32x4_s(near), f32x4.mul(v128.load(errors), f32x4.splat(reach)));
    const four = f32x4.mul(f32x4.mul(most, v128.load(factors)), f32x4.splat(scale));
    number = listPassed(i32x4.bitmask(f32x4.ge(four, f32x4.splat(least))), row, count, found, number);
  }
  return number;
}

/**
 * Completes the scores of `number` found rows with their low nibbles, as float32 times factor and `scale`. Keeps the
 * positions of those that are at least `least` and returns their number.
 */
export function selectExact(
  low: usize,
  half: i32,
  query: usize,
  scores: usize,
  factors: usize,
  offset: i32,
  scale: f32,
  least: f32,
  found: usize,
  number: i32,
): i32 {
  const width = <usize>half;
  // Reads one value per cache line of all these rows first, because waits for scattered lines overlap only if they are
  // close together.
  let ahead: i64 = 0;
  for (let i = 0; i < number; i++) {
    const row = low + <usize>load<i32>(found + ((<usize>i) << 2)) * width;
    for (let at: usize = 0; at < width; at += 64) ahead ^= load<i64>(row + at);
  }
  // Keeps the compiler from dropping the loads; nothing uses the value after the last position.
  store<i64>(found + ((<usize>number) << 2), ahead);
  let kept = 0;
  for (let i = 0; i < number; i++) {
    const position = load<i32>(found + ((<usize>i) << 2));
    const lane = (<usize>position) << 2;
    const row = low + <usize>position * width;
    let sum = i32x4.splat(0);
    for (let at: usize = 0, q = query; at < width; at += 16, q += 64) {
      const lanes = v128.load(row + at);
      const products = nibbleProducts(
        lanes,
        v128.load(q),
        v128.load(q, 16),
        v128.load(q, 32),
        v128.load(q, 48),
      );
      sum = i32x4.add(sum, products);
    }
    const product = (load<i32>(scores + lane) << 4) + wholeSum(sum) + offset;
    const score = <f32>product * load<f32>(factors + lane) * scale;
    store<f32>(scores + lane, score);
    store<i32>(found + ((<usize>kept) << 2), position);
    kept += <i32>(score >= least);
  }
  return kept;
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
    number = listPassed(i32x4.bitmask(f32x4.ge(four, f32x4.splat(least))), row, count, found, number);
  }
  return number;
}

function listPassed(passed: i32, row: i32, count: i32, found: usize, number: i32): i32 {
  if (passed === 0) return number;
  for (let lane = 0; lane < 4 && row + lane < count; lane++) {
    store<i32>(found + ((<usize>number) << 2), row + lane);
    number += (passed >> lane) & 1;
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
