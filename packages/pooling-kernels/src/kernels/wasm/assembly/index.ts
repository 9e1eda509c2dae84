/**
 * Pooling of token rows with 128-bit SIMD.
 *
 * Memory map, from low to high addresses. `memory-map.ts` computes it; this module knows no addresses:
 *
 *     for each thread: scratch
 *         starts     where each text's row addresses begin, u32
 *         rows       addresses of the rows of a piece of the batch, u32
 *         gathered   their weights, f32 or f64
 *         ids        where a tokenizer may write ids, u32
 *         zeros      sums before the first row
 *         sums       two sets of sums of one text, f32 or f64
 *         out        embeddings of some texts, f32
 *         recent     addresses of rows that were read lately, u32
 *     mapping        row of each token id, i32
 *     weights        factor of each token id, f32 or f64
 *     table          rows × dim elements
 *     padding        passes read whole registers, beyond the last row where the dimension is small
 *
 * A pass sums as many columns as fit in registers. The last pass ends at the last column and overlaps the one before.
 * If a row has fewer columns than a pass, it reads and writes past them: reads end in the padding or the next row,
 * writes in the padding of their area or in the output of the next text, which is written later.
 */
import { integerColumns, narrowColumns, wideColumns } from './column-sums';
import { normalize } from './norm';
import { fetchRows } from './row-fetch';

export { locate } from './row-addresses';
export { normalize };

/** Rows to fetch at once, the rest of the last text's included: about what a first-level cache holds. */
const FETCHED_ROWS: u32 = 32;

/** Summing rules, numbered as in `wasm-module.ts`. */
const FLOAT32: i32 = 0;
const FLOAT16: i32 = 1;
const BFLOAT16: i32 = 2;
const FLOAT32_WEIGHTED: i32 = 3;
const FLOAT16_WEIGHTED: i32 = 4;
const BFLOAT16_WEIGHTED: i32 = 5;
const INT8_WEIGHTED: i32 = 6;
const INT8: i32 = 7;
const WIDE_FLOAT32: i32 = 8;
const WIDE_FLOAT16: i32 = 9;
const WIDE_BFLOAT16: i32 = 10;
const WIDE_INT8: i32 = 11;

/**
 * Computes the embeddings of `texts` texts.
 *
 * @param starts - `texts + 1` positions in `rows`; text i owns rows[starts[i] .. starts[i + 1]]
 * @param recent - for `fetchRows`, or 0 if caches hold the table
 */
export function pool(
  rule: i32,
  starts: usize,
  texts: i32,
  rows: usize,
  gathered: usize,
  dim: i32,
  zeros: usize,
  sums: usize,
  out: usize,
  normalized: bool,
  rowBytes: usize,
  recent: usize,
): void {
  const outBytes = (<usize>dim) << 2;
  const weightShift: usize = rule < WIDE_FLOAT32 ? 2 : 3;
  const lastStart = starts + ((<usize>texts) << 2);
  /** In `starts`: the text whose rows are fetched next. */
  let fetched = recent === 0 ? lastStart : starts;
  for (let text = 0; text < texts; text++) {
    if (starts === fetched) {
      const from = load<u32>(starts);
      let to: u32;
      do {
        fetched += 4;
        to = load<u32>(fetched);
      } while (fetched < lastStart && to - from < FETCHED_ROWS);
      fetchRows(rows + ((<usize>from) << 2), rows + ((<usize>to) << 2), rowBytes, recent);
    }
    const start = <usize>load<u32>(starts);
    const end = <usize>load<u32>(starts, 4);
    starts += 4;
    if (start === end) {
      memory.fill(out, 0, outBytes);
    } else {
      const first = rows + (start << 2);
      const last = rows + (end << 2);
      const weights = gathered + (start << weightShift);
      const count = end - start;
      if (rule < WIDE_FLOAT32) {
        sum(rule, first, last, weights, dim, zeros, out, <f32>count);
      } else {
        sum(rule, first, last, weights, dim, zeros, sums, 1);
        meanOfWide(sums, out, dim, <f64>count);
      }
      if (normalized) normalize(out, dim);
    }
    out += outBytes;
  }
}

/**
 * Adds rows to sums: f32 sums, which are divided at the end, or f64 sums under a wide rule.
 *
 * @param from - sums so far
 * @param to - must not overlap `from`
 */
export function sum(
  rule: i32,
  rows: usize,
  end: usize,
  weights: usize,
  dim: i32,
  from: usize,
  to: usize,
  divisor: f32,
): void {
  switch (rule) {
    case FLOAT32:
      narrowColumns<f32, void>(rows, end, weights, dim, from, to, divisor);
      break;
    case FLOAT16:
      narrowColumns<u16, void>(rows, end, weights, dim, from, to, divisor);
      break;
    case BFLOAT16:
      narrowColumns<i16, void>(rows, end, weights, dim, from, to, divisor);
      break;
    case FLOAT32_WEIGHTED:
      narrowColumns<f32, f32>(rows, end, weights, dim, from, to, divisor);
      break;
    case FLOAT16_WEIGHTED:
      narrowColumns<u16, f32>(rows, end, weights, dim, from, to, divisor);
      break;
    case BFLOAT16_WEIGHTED:
      narrowColumns<i16, f32>(rows, end, weights, dim, from, to, divisor);
      break;
    case INT8_WEIGHTED:
      narrowColumns<i8, f32>(rows, end, weights, dim, from, to, divisor);
      break;
    case INT8:
      integerColumns(rows, end, dim, to, divisor);
      break;
    case WIDE_FLOAT32:
      wideColumns<f32>(rows, end, weights, dim, from, to);
      break;
    case WIDE_FLOAT16:
      wideColumns<u16>(rows, end, weights, dim, from, to);
      break;
    case WIDE_BFLOAT16:
      wideColumns<i16>(rows, end, weights, dim, from, to);
      break;
    case WIDE_INT8:
      wideColumns<i8>(rows, end, weights, dim, from, to);
      break;
    default:
      wideColumns<f64>(rows, end, weights, dim, from, to);
  }
}

/** Divides f64 sums by `count` and rounds to float32. Overwrites up to three values after the last one. */
function meanOfWide(sums: usize, out: usize, dim: i32, count: f64): void {
  const by = f64x2.splat(count);
  for (let column = 0; column < dim; column += 4) {
    const low = f32x4.demote_f64x2_zero(f64x2.div(v128.load(sums, 0), by));
    const high = f32x4.demote_f64x2_zero(f64x2.div(v128.load(sums, 16), by));
    v128.store(out, v128.shuffle<i64>(low, high, 0, 2));
    sums += 32;
    out += 16;
  }
}
