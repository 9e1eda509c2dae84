import { canRound, type ElementLoops, elementLoops } from '../element-loops/element-loops.js';
import { widenBfloat16 } from '../elements/bfloat16.js';
import { float16ToNumber, widenFloat16 } from '../elements/float16.js';
import { narrowToFloat16, numberToFloat16 } from '../elements/float16-rounding.js';
import { ModelError } from '../model-error.js';
import type { EmbeddingTable, TableOf } from './embedding-table.js';

/** Element types that a table can be converted to: the reference's. */
export type QuantizedDtype = 'float16' | 'float32' | 'float64' | 'int8';

/** All of them, to check arguments. */
export const QUANTIZED_DTYPES: readonly QuantizedDtype[] = ['float16', 'float32', 'float64', 'int8'];

type ReferenceTable = Exclude<EmbeddingTable, { dtype: 'bfloat16' }>;

const INT8_LIMIT = 127;

/**
 * Converts the elements of a table as Python model2vec's `quantize_embeddings` does under numpy 2, byte for byte.
 *
 * - Between floats: nearest, ties to even; overflow becomes ±Infinity.
 * - To int8: `scale = max|x| / 127` in the table's own precision; each element is rounded to float16, divided by the
 *   scale, rounded to float16 again, rounded to the nearest integer (ties to even) and clipped to ±127. The scale is
 *   discarded, as in the reference, so vectors that are not normalised change their scale.
 * - An all-zero table stays zero: numpy divides 0 by 0 and converts the NaN to 0.
 * - bfloat16, which the reference cannot read, is first widened to float32, which is exact.
 *
 * The result shares `mapping` and `weights`, and is `table` itself if nothing changes.
 */
export function quantizeTable(table: EmbeddingTable, to: QuantizedDtype): EmbeddingTable {
  return convertTable(table, to);
}

/** {@link quantizeTable} with the given loops; `null` selects those in JavaScript. */
export function convertTable(
  table: EmbeddingTable,
  to: QuantizedDtype,
  loops?: ElementLoops | null,
): EmbeddingTable {
  const source = table.dtype === 'bfloat16' ? widened(table) : table;
  if (source.dtype === to) return source;
  switch (to) {
    case 'float16': {
      const data = new Uint16Array(source.data.length);
      if (source.dtype !== 'float16') narrowToFloat16(source.data, data);
      return { ...source, dtype: to, data };
    }
    case 'float32':
      return { ...source, dtype: to, data: converted(source, new Float32Array(source.data.length)) };
    case 'float64':
      return { ...source, dtype: to, data: converted(source, new Float64Array(source.data.length)) };
    case 'int8':
      return { ...source, dtype: to, data: toInt8(source, loops) };
  }
}

function widened(table: TableOf<'bfloat16'>): TableOf<'float32'> {
  const data = new Float32Array(table.data.length);
  widenBfloat16(table.data, data);
  return { ...table, dtype: 'float32', data };
}

function converted<Target extends Float32Array | Float64Array>(
  source: ReferenceTable,
  target: Target,
): Target {
  if (source.dtype === 'float16') widenFloat16(source.data, target);
  else target.set(source.data);
  return target;
}

function toInt8(source: ReferenceTable, loops: ElementLoops | null | undefined): Int8Array {
  const quantized = new Int8Array(source.data.length);
  if (source.dtype === 'float32' && loops !== null) {
    const own = loops ?? elementLoops();
    const largest = own?.largest(source.data) ?? Number.POSITIVE_INFINITY;
    if (own !== undefined && canRound(largest)) {
      own.toInt8(source.data, int8Scale(largest), quantized);
      return quantized;
    }
  }
  const { data } = source;
  const half = source.dtype === 'float16' ? source.data : new Uint16Array(data.length);
  if (source.dtype !== 'float16') narrowToFloat16(source.data, half);
  const codes = int8Codes(source);
  // Bound by memory: one look-up in 64 KB per element.
  for (let i = 0; i < half.length; i++) quantized[i] = codes[half[i]!]!;
  return quantized;
}

/** The int8 code of every float16: the quotient depends on nothing else, and there are only 65,536. */
function int8Codes(source: ReferenceTable): Int8Array {
  const codes = new Int8Array(0x1_0000);
  const divide = divisionByScale(source);
  for (let bits = 0; bits < codes.length; bits++) {
    const quotient = float16ToNumber(numberToFloat16(divide(float16ToNumber(bits))));
    const clipped = Math.max(-INT8_LIMIT, Math.min(INT8_LIMIT, roundHalfToEven(quotient)));
    codes[bits] = clipped; // NaN becomes 0
  }
  return codes;
}

/**
 * `x / scale` with numpy 2's promotions: in the wider of float16 and the table's type. numpy divides float16 via
 * float32, which needs no extra step here: since 24 ≥ 2 × 11 + 2 bits, rounding twice equals rounding once.
 */
function divisionByScale(source: ReferenceTable): (x: number) => number {
  if (source.dtype === 'float16') {
    let max = 0;
    for (const bits of source.data) max = Math.max(max, bits & 0x7fff);
    const scale = float16ToNumber(numberToFloat16(float16ToNumber(max) / INT8_LIMIT));
    return (x) => x / scale;
  }
  let max = 0;
  const { data } = source;
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(data[i]!);
    if (magnitude > max) max = magnitude;
  }
  if (source.dtype === 'float64') {
    const scale = max / INT8_LIMIT;
    return (x) => x / scale;
  }
  const scale = int8Scale(max);
  return (x) => Math.fround(x / scale);
}

/** Scale of a float32 table with this largest magnitude. */
export function int8Scale(max: number): number {
  return Math.fround(max / INT8_LIMIT);
}

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * Copies the first columns of a table.
 *
 * @throws {@link ModelError} with the code `invalid-argument` if `dimensionality` is not between 1 and the table's
 * dimensions
 */
export function truncateColumns(table: EmbeddingTable, dimensionality: number): EmbeddingTable {
  const { rows, dim } = table;
  if (!Number.isInteger(dimensionality) || dimensionality < 1 || dimensionality > dim) {
    throw new ModelError(
      'invalid-argument',
      `dimensionality must be a whole number from 1 to ${dim}, the dimensions of this model; found ${dimensionality}`,
    );
  }
  if (dimensionality === dim) return table;
  const copyColumns = <Data extends EmbeddingTable['data']>(data: Data, target: Data): Data => {
    for (let row = 0; row < rows; row++) {
      target.set(
        data.subarray(row * dim, row * dim + dimensionality) as Data & ArrayLike<number>,
        row * dimensionality,
      );
    }
    return target;
  };
  const size = rows * dimensionality;
  switch (table.dtype) {
    case 'float64':
      return { ...table, dim: dimensionality, data: copyColumns(table.data, new Float64Array(size)) };
    case 'float32':
      return { ...table, dim: dimensionality, data: copyColumns(table.data, new Float32Array(size)) };
    case 'float16':
    case 'bfloat16':
      return { ...table, dim: dimensionality, data: copyColumns(table.data, new Uint16Array(size)) };
    case 'int8':
      return { ...table, dim: dimensionality, data: copyColumns(table.data, new Int8Array(size)) };
  }
}
