/** Bytes of a block's columns in f32: 32 columns fill 8 registers, which leaves as many for loads. */
const BYTES: usize = 128;

function rowOf(table: usize, ids: usize, k: u32): usize {
  return table + <usize>load<u32>(ids + ((<usize>k) << 2)) * BYTES;
}

function scatterInto(row: usize, value: v128, y: usize): void {
  for (let at: usize = 0; at < BYTES; at += 16) {
    v128.store(row + at, f32x4.add(v128.load(row + at), f32x4.mul(v128.load(y + at), value)));
  }
}

/** Σ value × row of a text, into `y`. */
function gather(table: usize, ids: usize, values: usize, k: u32, end: u32, y: usize): void {
  let y0 = f32x4.splat(0);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  let y4 = y0;
  let y5 = y0;
  let y6 = y0;
  let y7 = y0;
  for (; k < end; k++) {
    const row = rowOf(table, ids, k);
    const value = v128.load32_splat(values + ((<usize>k) << 2));
    y0 = f32x4.add(y0, f32x4.mul(v128.load(row, 0), value));
    y1 = f32x4.add(y1, f32x4.mul(v128.load(row, 16), value));
    y2 = f32x4.add(y2, f32x4.mul(v128.load(row, 32), value));
    y3 = f32x4.add(y3, f32x4.mul(v128.load(row, 48), value));
    y4 = f32x4.add(y4, f32x4.mul(v128.load(row, 64), value));
    y5 = f32x4.add(y5, f32x4.mul(v128.load(row, 80), value));
    y6 = f32x4.add(y6, f32x4.mul(v128.load(row, 96), value));
    y7 = f32x4.add(y7, f32x4.mul(v128.load(row, 112), value));
  }
  v128.store(y, y0, 0);
  v128.store(y, y1, 16);
  v128.store(y, y2, 32);
  v128.store(y, y3, 48);
  v128.store(y, y4, 64);
  v128.store(y, y5, 80);
  v128.store(y, y6, 96);
  v128.store(y, y7, 112);
}

/**
 * to += Σᵢ wᵢ aᵢᵀ(aᵢ · from) over the texts: reads a text's rows, and writes the same rows of `to` while they are in
 * the cache. Bound by fetching uncached rows.
 *
 * @param weights - f32 of each text
 * @param y - room for one row
 */
export function blockStep(
  starts: usize,
  ids: usize,
  values: usize,
  weights: usize,
  texts: i32,
  from: usize,
  to: usize,
  y: usize,
): void {
  let start = load<u32>(starts);
  for (let text = 0; text < texts; text++) {
    const end = load<u32>(starts + ((<usize>text) << 2), 4);
    gather(from, ids, values, start, end, y);
    const weight = load<f32>(weights + ((<usize>text) << 2));
    for (let k = start; k < end; k++) {
      const value = f32x4.splat(load<f32>(values + ((<usize>k) << 2)) * weight);
      scatterInto(rowOf(to, ids, k), value, y);
    }
    start = end;
  }
}

/**
 * to += Σᵢ aᵢᵀ(uᵢ tᵢ − wᵢ aᵢ · from) over the texts.
 *
 * @param targets - t, of this block
 * @param scales - u, f32 of each text
 * @param weights - w, f32 of each text
 */
export function blockResidual(
  starts: usize,
  ids: usize,
  values: usize,
  scales: usize,
  weights: usize,
  texts: i32,
  targets: usize,
  from: usize,
  to: usize,
  y: usize,
): void {
  let start = load<u32>(starts);
  for (let text = 0; text < texts; text++) {
    const end = load<u32>(starts + ((<usize>text) << 2), 4);
    if (end > start) {
      gather(from, ids, values, start, end, y);
      const scale = v128.load32_splat(scales + ((<usize>text) << 2));
      const weight = v128.load32_splat(weights + ((<usize>text) << 2));
      const target = targets + <usize>text * BYTES;
      for (let at: usize = 0; at < BYTES; at += 16) {
        const wanted = f32x4.mul(v128.load(target + at), scale);
        v128.store(y + at, f32x4.sub(wanted, f32x4.mul(v128.load(y + at), weight)));
      }
      for (let k = start; k < end; k++) {
        scatterInto(rowOf(to, ids, k), v128.load32_splat(values + ((<usize>k) << 2)), y);
      }
    }
    start = end;
  }
}

/** |aᵢ · table|² of each text in this block, f64. */
export function blockSquares(
  starts: usize,
  ids: usize,
  values: usize,
  texts: i32,
  table: usize,
  out: usize,
  y: usize,
): void {
  let start = load<u32>(starts);
  for (let text = 0; text < texts; text++) {
    const end = load<u32>(starts + ((<usize>text) << 2), 4);
    gather(table, ids, values, start, end, y);
    let sums = f64x2.splat(0);
    for (let at: usize = 0; at < BYTES; at += 8) {
      const two = f64x2.promote_low_f32x4(v128.load64_zero(y + at));
      sums = f64x2.add(sums, f64x2.mul(two, two));
    }
    store<f64>(out + ((<usize>text) << 3), f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
    start = end;
  }
}
