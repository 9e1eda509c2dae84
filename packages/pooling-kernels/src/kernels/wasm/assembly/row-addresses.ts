/** How weights are stored, numbered as in `wasm-module.ts`. */
const NO_WEIGHT: i32 = 0;
const FLOAT32_AS_FLOAT32: i32 = 1;
const FLOAT32_AS_FLOAT64: i32 = 2;
const FLOAT64_AS_FLOAT64: i32 = 3;

/**
 * Looks up rows and weights of token ids, once for all passes over the rows.
 *
 * @param rows - target of the addresses; may be `ids` itself
 * @param mapping - row numbers by id, or 0 if id and row are the same
 * @param form - how weights are gathered; any value other than the four stores a float64 1
 * @returns position of the first id at or above `limit`, or `count`
 */
export function locate(
  ids: usize,
  count: i32,
  limit: u32,
  rows: usize,
  table: usize,
  rowBytes: i32,
  mapping: usize,
  form: i32,
  weights: usize,
  gathered: usize,
): i32 {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const id = load<u32>(ids + at);
    if (id >= limit) return i;
    const row = mapping === 0 ? id : load<u32>(mapping + ((<usize>id) << 2));
    store<u32>(rows + at, <u32>(table + <usize>row * rowBytes));
    if (form === NO_WEIGHT) continue;
    const wide = gathered + (at << 1);
    if (form === FLOAT32_AS_FLOAT32) store<f32>(gathered + at, load<f32>(weights + ((<usize>id) << 2)));
    else if (form === FLOAT32_AS_FLOAT64) store<f64>(wide, <f64>load<f32>(weights + ((<usize>id) << 2)));
    else if (form === FLOAT64_AS_FLOAT64) store<f64>(wide, load<f64>(weights + ((<usize>id) << 3)));
    else store<f64>(wide, 1);
  }
  return count;
}
