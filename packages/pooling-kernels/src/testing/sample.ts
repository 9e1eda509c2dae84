import type { EmbeddingTable, TableDtype } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';

/** Tokens of every sample. */
export const TOKENS = 11;

/** What of a table is optional. */
export type Parts = Pick<EmbeddingTable, 'mapping' | 'weights'>;

/** A table together with its values as numbers, so that expected results need no decoding. */
export interface Sample {
  readonly table: EmbeddingTable;
  readonly values: readonly number[];
}

/** A table whose values are exact in its dtype. */
export function sample(dtype: TableDtype, dim: number, parts: Parts = {}): Sample {
  const steps = Array.from({ length: TOKENS * dim }, (_, i) => ((i * 37) % 101) - 50);
  const values = dtype === 'int8' ? steps : steps.map((step) => step / 64);
  const shape = { rows: TOKENS, dim, ...parts };
  switch (dtype) {
    case 'float64':
      return { values, table: { ...shape, dtype, data: Float64Array.from(values) } };
    case 'float32':
      return { values, table: { ...shape, dtype, data: Float32Array.from(values) } };
    case 'float16':
      return { values, table: { ...shape, dtype, data: Uint16Array.from(values, float16Bits) } };
    case 'bfloat16':
      return {
        values,
        table: { ...shape, dtype, data: Uint16Array.from(values, (x) => float32Bits(x) >>> 16) },
      };
    case 'int8':
      return { values, table: { ...shape, dtype, data: Int8Array.from(values) } };
  }
}

/** Optional parts that a sample can have, by what they are called in case names. */
export const PARTS: Readonly<Record<string, Parts>> = {
  mapping: { mapping: Int32Array.from({ length: TOKENS }, (_, id) => (id * 3 + 1) % TOKENS) },
  weights: { weights: Float32Array.from({ length: TOKENS }, weightOf) },
  'float64 weights': { weights: Float64Array.from({ length: TOKENS }, weightOf) },
  'mapping and weights': {
    mapping: Int32Array.from({ length: TOKENS }, (_, id) => (id * 5) % TOKENS),
    weights: Float32Array.from({ length: TOKENS }, weightOf),
  },
};

function weightOf(_: unknown, id: number): number {
  return id === 4 ? 0 : 1.1 - id / 7;
}

/** Texts end to end. */
export function batchOf(texts: readonly (readonly number[])[]): TokenBatch {
  const offsets = new Uint32Array(texts.length + 1);
  for (const [i, ids] of texts.entries()) offsets[i + 1] = offsets[i]! + ids.length;
  return { ids: Uint32Array.from(texts.flat()), offsets };
}

/** What a reduction makes of one dimension of a text: of its tokens' values, times their weights, in order. */
export type Reduce = (values: readonly number[]) => number;

/** The reduction of Model2Vec. */
export const mean: Reduce = (values) => values.reduce((sum, value) => sum + value / values.length, 0);

/** Embedding of one text by the definition, in float64. */
export function exactEmbedding(
  { table, values }: Sample,
  ids: readonly number[],
  normalize: boolean,
  reduce: Reduce,
): number[] {
  const { dim, mapping, weights } = table;
  const weighted = (id: number, j: number): number =>
    values[(mapping?.[id] ?? id) * dim + j]! * (weights?.[id] ?? 1);
  const pooled = Array.from({ length: dim }, (_, j) =>
    ids.length === 0 ? 0 : reduce(ids.map((id) => weighted(id, j))),
  );
  const norm = Math.hypot(...pooled);
  return normalize && norm > 0 ? pooled.map((x) => x / norm) : pooled;
}

function float32Bits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** Of values that are exact and normal in float16. */
function float16Bits(value: number): number {
  const wide = float32Bits(value);
  if (value === 0) return 0;
  return ((wide >>> 16) & 0x8000) | ((((wide >>> 23) & 0xff) - 112) << 10) | ((wide >>> 13) & 0x3ff);
}
