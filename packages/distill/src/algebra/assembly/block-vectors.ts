/** Bytes of a block's row. */
const BYTES: usize = 128;
/** Rows whose products are summed in f32 before they are added in f64. */
const PIECE: i32 = 256;

/** target = source × factor, of `rows` rows. */
export function blockScale(source: usize, target: usize, rows: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const end = source + <usize>rows * BYTES;
  for (; source < end; source += 16) {
    v128.store(target, f32x4.mul(v128.load(source), by));
    target += 16;
  }
}

/**
 * direction = residual / diagonal, and the products of both by column.
 *
 * @param diagonal - f32 of each row, its reciprocal
 * @param sums - 32 of f64, overwritten
 */
export function blockStart(residual: usize, diagonal: usize, direction: usize, rows: i32, sums: usize): void {
  memory.fill(sums, 0, BYTES * 2);
  for (let from = 0; from < rows; from += PIECE) {
    const to = min(from + PIECE, rows);
    for (let column: usize = 0; column < BYTES; column += 16) {
      let sum = f32x4.splat(0);
      for (let row = from; row < to; row++) {
        const at = <usize>row * BYTES + column;
        const r = v128.load(residual + at);
        const p = f32x4.mul(r, v128.load32_splat(diagonal + ((<usize>row) << 2)));
        v128.store(direction + at, p);
        sum = f32x4.add(sum, f32x4.mul(r, p));
      }
      addWide(sums + column * 2, sum);
    }
  }
}

/** Products of two blocks by column, written to `sums`. */
export function blockDots(a: usize, b: usize, rows: i32, sums: usize): void {
  memory.fill(sums, 0, BYTES * 2);
  for (let from = 0; from < rows; from += PIECE) {
    const to = min(from + PIECE, rows);
    for (let column: usize = 0; column < BYTES; column += 16) {
      let sum = f32x4.splat(0);
      for (let row = from; row < to; row++) {
        const at = <usize>row * BYTES + column;
        sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
      }
      addWide(sums + column * 2, sum);
    }
  }
}

/**
 * table += α direction, residual −= α product, and the residual's new products with itself over the diagonal.
 *
 * @param alphas - 32 of f32
 */
export function blockMove(
  table: usize,
  residual: usize,
  direction: usize,
  product: usize,
  alphas: usize,
  diagonal: usize,
  rows: i32,
  sums: usize,
): void {
  memory.fill(sums, 0, BYTES * 2);
  for (let from = 0; from < rows; from += PIECE) {
    const to = min(from + PIECE, rows);
    for (let column: usize = 0; column < BYTES; column += 16) {
      const alpha = v128.load(alphas + column);
      let sum = f32x4.splat(0);
      for (let row = from; row < to; row++) {
        const at = <usize>row * BYTES + column;
        v128.store(table + at, f32x4.add(v128.load(table + at), f32x4.mul(alpha, v128.load(direction + at))));
        const r = f32x4.sub(v128.load(residual + at), f32x4.mul(alpha, v128.load(product + at)));
        v128.store(residual + at, r);
        sum = f32x4.add(sum, f32x4.mul(f32x4.mul(r, r), v128.load32_splat(diagonal + ((<usize>row) << 2))));
      }
      addWide(sums + column * 2, sum);
    }
  }
}

/** direction = residual / diagonal + β direction. */
export function blockDirection(
  residual: usize,
  direction: usize,
  betas: usize,
  diagonal: usize,
  rows: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const inverse = v128.load32_splat(diagonal + ((<usize>row) << 2));
    const at = <usize>row * BYTES;
    for (let column: usize = 0; column < BYTES; column += 16) {
      const old = f32x4.mul(v128.load(betas + column), v128.load(direction + at + column));
      v128.store(
        direction + at + column,
        f32x4.add(f32x4.mul(v128.load(residual + at + column), inverse), old),
      );
    }
  }
}

function addWide(sums: usize, four: v128): void {
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(four, four, 1, 1));
  v128.store(sums, f64x2.add(v128.load(sums, 0), f64x2.promote_low_f32x4(four)), 0);
  v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16);
}
