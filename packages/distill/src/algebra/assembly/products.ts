/**
 * C += AᵀB in float64, in tiles of 4 × 4: for each row of A and B, 16 products need 6 loads. Bound by the additions,
 * since WebAssembly has no fused multiply-add here. Thread `first` of `step` computes every `step`-th strip of 4 rows
 * of C, so that sums do not depend on the number of threads.
 *
 * @param a - m × p, f64
 * @param b - m × q, f64
 * @param c - p × q, f64
 */
export function addProducts(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  p: i32,
  q: i32,
  first: i32,
  step: i32,
): void {
  for (let i = first * 4; i < p; i += step * 4) {
    addStrip(a, b, c, m, p, q, i, q);
  }
}

/** The lower triangle of C += AᵀA, where C is p × p, as {@link addProducts} computes it. */
export function addSquares(a: usize, c: usize, m: i32, p: i32, first: i32, step: i32): void {
  for (let i = first * 4; i < p; i += step * 4) addStrip(a, a, c, m, p, p, i, i + 4);
}

/** The first `columns` columns of 4 rows of C, from row `i`. */
function addStrip(a: usize, b: usize, c: usize, m: i32, p: i32, q: i32, i: i32, columns: i32): void {
  const aBytes = (<usize>p) << 3;
  const bBytes = (<usize>q) << 3;
  for (let j = 0; j < columns; j += 4) {
    const to = c + <usize>i * bBytes + ((<usize>j) << 3);
    let c00 = v128.load(to, 0);
    let c01 = v128.load(to, 16);
    let c10 = v128.load(to + bBytes, 0);
    let c11 = v128.load(to + bBytes, 16);
    let c20 = v128.load(to + 2 * bBytes, 0);
    let c21 = v128.load(to + 2 * bBytes, 16);
    let c30 = v128.load(to + 3 * bBytes, 0);
    let c31 = v128.load(to + 3 * bBytes, 16);
    let left = a + ((<usize>i) << 3);
    let right = b + ((<usize>j) << 3);
    for (let row = 0; row < m; row++) {
      const b0 = v128.load(right, 0);
      const b1 = v128.load(right, 16);
      let factor = v128.load64_splat(left, 0);
      c00 = f64x2.add(c00, f64x2.mul(factor, b0));
      c01 = f64x2.add(c01, f64x2.mul(factor, b1));
      factor = v128.load64_splat(left, 8);
      c10 = f64x2.add(c10, f64x2.mul(factor, b0));
      c11 = f64x2.add(c11, f64x2.mul(factor, b1));
      factor = v128.load64_splat(left, 16);
      c20 = f64x2.add(c20, f64x2.mul(factor, b0));
      c21 = f64x2.add(c21, f64x2.mul(factor, b1));
      factor = v128.load64_splat(left, 24);
      c30 = f64x2.add(c30, f64x2.mul(factor, b0));
      c31 = f64x2.add(c31, f64x2.mul(factor, b1));
      left += aBytes;
      right += bBytes;
    }
    v128.store(to, c00, 0);
    v128.store(to, c01, 16);
    v128.store(to + bBytes, c10, 0);
    v128.store(to + bBytes, c11, 16);
    v128.store(to + 2 * bBytes, c20, 0);
    v128.store(to + 2 * bBytes, c21, 16);
    v128.store(to + 3 * bBytes, c30, 0);
    v128.store(to + 3 * bBytes, c31, 16);
  }
}

/** Rows `from` to `to` of a matrix of f32, each times its factor (f32), as f64. */
export function widen(source: usize, factors: usize, target: usize, width: i32, from: i32, to: i32): void {
  source += (<usize>from * width) << 2;
  target += (<usize>from * width) << 3;
  for (let row = from; row < to; row++) {
    const factor = f64x2.splat(<f64>load<f32>(factors + ((<usize>row) << 2)));
    for (let column = 0; column < width; column += 2) {
      v128.store(target, f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(source)), factor));
      source += 8;
      target += 16;
    }
  }
}

/** Rows `from` to `to` of a matrix of f32 as columns of one of f64, which is `rows` wide. */
export function transposeWiden(
  source: usize,
  target: usize,
  width: i32,
  rows: i32,
  from: i32,
  to: i32,
): void {
  const step = (<usize>rows) << 3;
  source += (<usize>from * width) << 2;
  for (let row = from; row < to; row++) {
    let at = target + ((<usize>row) << 3);
    for (let column = 0; column < width; column++) {
      store<f64>(at, <f64>load<f32>(source));
      source += 4;
      at += step;
    }
  }
}

/** Sums of the rows of a table, by the tokens of texts `from` to `to`, each times its factor: f64, from row 0 of `target`. */
export function poolWide(
  starts: usize,
  ids: usize,
  values: usize,
  factors: usize,
  table: usize,
  width: i32,
  target: usize,
  from: i32,
  to: i32,
  base: i32,
): void {
  const targetBytes = (<usize>width) << 3;
  const tableBytes = (<usize>width) << 2;
  for (let text = from; text < to; text++) {
    const sums = target + <usize>(text - base) * targetBytes;
    memory.fill(sums, 0, targetBytes);
    const scale = <f64>load<f32>(factors + ((<usize>text) << 2));
    const end = load<u32>(starts + ((<usize>text) << 2), 4);
    for (let k = load<u32>(starts + ((<usize>text) << 2)); k < end; k++) {
      let row = table + <usize>load<u32>(ids + ((<usize>k) << 2)) * tableBytes;
      const value = f64x2.splat(<f64>load<f32>(values + ((<usize>k) << 2)) * scale);
      for (let at = sums; at < sums + targetBytes; at += 16) {
        const product = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(row)), value);
        v128.store(at, f64x2.add(v128.load(at), product));
        row += 8;
      }
    }
  }
}
