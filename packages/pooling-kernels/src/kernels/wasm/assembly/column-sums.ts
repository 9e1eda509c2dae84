import { widened } from './widening';

/**
 * Columns summed in one pass over a text's rows. For float32, float64 and int8 rows this is one cache line, so that no
 * line is fetched twice for long texts, whose rows do not fit in the first-level cache. Four sums leave registers for
 * the loads: engines issue all loads of a row before its additions, and x86-64 has 15 usable registers. With eight sums
 * one of them would live on the stack, and each addition to it would wait for a store and a load.
 */
const NARROW_COLUMNS: i32 = 16;
const WIDE_COLUMNS: i32 = 8;
const INTEGER_COLUMNS: i32 = 64;

/** Most int8 values whose sum fits in 16 bits. */
const INTEGERS: usize = 256;

/**
 * Mean, or sum if `divisor` is 1, of columns in float32. Like numpy, it rounds each row after its weight and each sum
 * after each row, in order.
 *
 * @param rows - addresses of the rows, u32 each
 * @param weights - f32 of each row; unused unless `Weighted` is a float
 * @param from - f32 sums so far
 * @param to - f32 results; must not overlap `from`, because passes overlap
 */
export function narrowColumns<T, Weighted>(
  rows: usize,
  end: usize,
  weights: usize,
  dim: i32,
  from: usize,
  to: usize,
  divisor: f32,
): void {
  const firstRow = rows;
  const firstWeight = weights;
  const last = max(dim - NARROW_COLUMNS, 0);
  for (let next = 0; next < dim; next += NARROW_COLUMNS) {
    const column = <usize>min(next, last);
    rows = firstRow;
    weights = firstWeight;
    const at = column * sizeof<T>();
    const first = from + column * 4;
    let a = v128.load(first, 0);
    let b = v128.load(first, 16);
    let c = v128.load(first, 32);
    let d = v128.load(first, 48);
    for (; rows < end; rows += 4) {
      const row = <usize>load<u32>(rows) + at;
      if (isFloat<Weighted>()) {
        const weight = v128.load32_splat(weights);
        weights += 4;
        a = f32x4.add(a, f32x4.mul(widened<T>(row), weight));
        b = f32x4.add(b, f32x4.mul(widened<T>(row + 4 * sizeof<T>()), weight));
        c = f32x4.add(c, f32x4.mul(widened<T>(row + 8 * sizeof<T>()), weight));
        d = f32x4.add(d, f32x4.mul(widened<T>(row + 12 * sizeof<T>()), weight));
      } else {
        a = f32x4.add(a, widened<T>(row));
        b = f32x4.add(b, widened<T>(row + 4 * sizeof<T>()));
        c = f32x4.add(c, widened<T>(row + 8 * sizeof<T>()));
        d = f32x4.add(d, widened<T>(row + 12 * sizeof<T>()));
      }
    }
    const by = f32x4.splat(divisor);
    const result = to + column * 4;
    v128.store(result, f32x4.div(a, by), 0);
    v128.store(result, f32x4.div(b, by), 16);
    v128.store(result, f32x4.div(c, by), 32);
    v128.store(result, f32x4.div(d, by), 48);
  }
}

/**
 * Sums columns in float64: if numpy promotes, that is for float64 tables or weights, and for any number of int8 rows,
 * whose sums float64 holds exactly.
 *
 * @param weights - f64 of each row
 * @param from - f64 sums so far
 * @param to - f64 results; must not overlap `from`, because passes overlap
 */
export function wideColumns<T>(
  rows: usize,
  end: usize,
  weights: usize,
  dim: i32,
  from: usize,
  to: usize,
): void {
  const firstRow = rows;
  const firstWeight = weights;
  const last = max(dim - WIDE_COLUMNS, 0);
  for (let next = 0; next < dim; next += WIDE_COLUMNS) {
    const column = <usize>min(next, last);
    rows = firstRow;
    weights = firstWeight;
    const at = column * sizeof<T>();
    const first = from + column * 8;
    let a = v128.load(first, 0);
    let b = v128.load(first, 16);
    let c = v128.load(first, 32);
    let d = v128.load(first, 48);
    for (; rows < end; rows += 4) {
      const row = <usize>load<u32>(rows) + at;
      const weight = v128.load64_splat(weights);
      weights += 8;
      if (sizeof<T>() === 8) {
        a = f64x2.add(a, f64x2.mul(v128.load(row, 0), weight));
        b = f64x2.add(b, f64x2.mul(v128.load(row, 16), weight));
        c = f64x2.add(c, f64x2.mul(v128.load(row, 32), weight));
        d = f64x2.add(d, f64x2.mul(v128.load(row, 48), weight));
      } else {
        const low = widened<T>(row);
        const high = widened<T>(row + 4 * sizeof<T>());
        a = f64x2.add(a, f64x2.mul(f64x2.promote_low_f32x4(low), weight));
        b = f64x2.add(b, f64x2.mul(promotedHigh(low), weight));
        c = f64x2.add(c, f64x2.mul(f64x2.promote_low_f32x4(high), weight));
        d = f64x2.add(d, f64x2.mul(promotedHigh(high), weight));
      }
    }
    const result = to + column * 8;
    v128.store(result, a, 0);
    v128.store(result, b, 16);
    v128.store(result, c, 32);
    v128.store(result, d, 48);
  }
}

function promotedHigh(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1));
}

/**
 * Mean of int8 columns. For up to 65,536 rows the sums are below 2^24, so float32 holds them exactly, and dividing in
 * float32 gives numpy's result, which is rounded to float64 and then to float32. (Rounding twice changes no quotient of
 * float32 values, since 53 ≥ 2 × 24 + 2.)
 */
export function integerColumns(rows: usize, end: usize, dim: i32, to: usize, divisor: f32): void {
  const firstRow = rows;
  const last = max(dim - INTEGER_COLUMNS, 0);
  for (let next = 0; next < dim; next += INTEGER_COLUMNS) {
    const column = <usize>min(next, last);
    rows = firstRow;
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    let i = a;
    let j = a;
    let k = a;
    let l = a;
    let m = a;
    let n = a;
    let o = a;
    let p = a;
    while (rows < end) {
      const stop = min(rows + INTEGERS * 4, end);
      let ab = i16x8.splat(0);
      let cd = ab;
      let ef = ab;
      let gh = ab;
      let ij = ab;
      let kl = ab;
      let mn = ab;
      let op = ab;
      for (; rows < stop; rows += 4) {
        const row = <usize>load<u32>(rows) + column;
        ab = i16x8.add(ab, v128.load8x8_s(row, 0));
        cd = i16x8.add(cd, v128.load8x8_s(row, 8));
        ef = i16x8.add(ef, v128.load8x8_s(row, 16));
        gh = i16x8.add(gh, v128.load8x8_s(row, 24));
        ij = i16x8.add(ij, v128.load8x8_s(row, 32));
        kl = i16x8.add(kl, v128.load8x8_s(row, 40));
        mn = i16x8.add(mn, v128.load8x8_s(row, 48));
        op = i16x8.add(op, v128.load8x8_s(row, 56));
      }
      a = i32x4.add(a, i32x4.extend_low_i16x8_s(ab));
      b = i32x4.add(b, i32x4.extend_high_i16x8_s(ab));
      c = i32x4.add(c, i32x4.extend_low_i16x8_s(cd));
      d = i32x4.add(d, i32x4.extend_high_i16x8_s(cd));
      e = i32x4.add(e, i32x4.extend_low_i16x8_s(ef));
      f = i32x4.add(f, i32x4.extend_high_i16x8_s(ef));
      g = i32x4.add(g, i32x4.extend_low_i16x8_s(gh));
      h = i32x4.add(h, i32x4.extend_high_i16x8_s(gh));
      i = i32x4.add(i, i32x4.extend_low_i16x8_s(ij));
      j = i32x4.add(j, i32x4.extend_high_i16x8_s(ij));
      k = i32x4.add(k, i32x4.extend_low_i16x8_s(kl));
      l = i32x4.add(l, i32x4.extend_high_i16x8_s(kl));
      m = i32x4.add(m, i32x4.extend_low_i16x8_s(mn));
      n = i32x4.add(n, i32x4.extend_high_i16x8_s(mn));
      o = i32x4.add(o, i32x4.extend_low_i16x8_s(op));
      p = i32x4.add(p, i32x4.extend_high_i16x8_s(op));
    }
    const by = f32x4.splat(divisor);
    const result = to + column * 4;
    storeMean(result, a, by);
    storeMean(result + 16, b, by);
    storeMean(result + 32, c, by);
    storeMean(result + 48, d, by);
    storeMean(result + 64, e, by);
    storeMean(result + 80, f, by);
    storeMean(result + 96, g, by);
    storeMean(result + 112, h, by);
    storeMean(result + 128, i, by);
    storeMean(result + 144, j, by);
    storeMean(result + 160, k, by);
    storeMean(result + 176, l, by);
    storeMean(result + 192, m, by);
    storeMean(result + 208, n, by);
    storeMean(result + 224, o, by);
    storeMean(result + 240, p, by);
  }
}

function storeMean(to: usize, sums: v128, by: v128): void {
  v128.store(to, f32x4.div(f32x4.convert_i32x4_s(sums), by));
}
