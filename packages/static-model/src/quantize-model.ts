import { widenBfloat16 } from './elements/bfloat16.js';
import { widenFloat16 } from './elements/float16.js';
import { narrowToFloat16 } from './elements/float16-rounding.js';
import { kMeans, type QuantizeProgress } from './k-means/k-means.js';
import { ModelError } from './model-error.js';
import { derivedModel } from './save/derived-model.js';
import type { StaticModel } from './static-model.js';
import type { EmbeddingTable } from './table/embedding-table.js';
import { QUANTIZED_DTYPES, type QuantizedDtype, quantizeTable, truncateColumns } from './table/quantize.js';

/** What the reference's k-means begins with. */
const DEFAULT_SEED = 42;
/** Keeps the weight of an all-zero row from being zero; the reference's. */
const SMALLEST_WEIGHT = 1e-32;

/** How {@link quantizeModel} makes a model smaller. At least one of the first three is given. */
export interface QuantizeModelOptions {
  /** Element type of the table. Default: the model's own. */
  readonly dtype?: QuantizedDtype;
  /** Columns to keep, the first ones; distilled models have them in the order of their variance. Default: all. */
  readonly dimensionality?: number;
  /** Rows to keep: tokens share the mean of similar ones, each with a length of its own. Default: a row a token. */
  readonly vocabularySize?: number;
  /** Where the choice of the first clusters begins: a whole number from 0 to 2³² − 1. Default: 42. */
  readonly seed?: number;
  /** Stops the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told how far the clustering for `vocabularySize` has come. */
  readonly onProgress?: (progress: QuantizeProgress) => void;
}

/**
 * Makes a model smaller, as the reference's `quantize_model` does and in its order: first the vocabulary, then the
 * element type, then the columns.
 *
 * `vocabularySize` clusters the rows. Where the model has no weights, each row is divided by its length first, which
 * becomes the token's weight. The clusters' means are the new table and `mapping` says which is a token's. The clusters
 * are not the reference's but closer to the rows: see `k-means.ts`. The same model, options and seed give the same
 * bytes on every machine.
 *
 * @returns a new model; the one given is not changed
 * @throws {@link ModelError} with the code `invalid-argument` for a wrong option, and for `vocabularySize` where the
 * model has a mapping already
 * @throws {@link UnsupportedModelError} for `vocabularySize` where WebAssembly with SIMD cannot run
 *
 * @example
 * ```ts
 * import { loadStaticModel, quantizeModel, saveStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * const small = await quantizeModel(model, { vocabularySize: 4096, dtype: 'int8', dimensionality: 128 });
 * await saveStaticModel(small, './potion-small');
 * ```
 */
export async function quantizeModel(model: StaticModel, options: QuantizeModelOptions): Promise<StaticModel> {
  const { dtype, dimensionality, vocabularySize, signal } = options;
  signal?.throwIfAborted();
  checkOptions(model.table, options);
  let { table } = model;
  if (vocabularySize !== undefined) table = await clusterRows(table, vocabularySize, options);
  if (dtype !== undefined) table = quantizeTable(table, dtype);
  if (dimensionality !== undefined) table = truncateColumns(table, dimensionality);
  return derivedModel(model, { table });
}

function checkOptions(table: EmbeddingTable, options: QuantizeModelOptions): void {
  const { dtype, dimensionality, vocabularySize, seed } = options;
  if (dtype === undefined && dimensionality === undefined && vocabularySize === undefined) {
    throw wrong('quantizeModel needs a dtype, a dimensionality or a vocabularySize; none is given');
  }
  if (dtype !== undefined && !QUANTIZED_DTYPES.includes(dtype)) {
    throw wrong(`dtype must be one of ${QUANTIZED_DTYPES.join(', ')}; found ${JSON.stringify(dtype)}`);
  }
  if (dimensionality !== undefined) truncationCheck(table, dimensionality);
  if (vocabularySize === undefined) return;
  if (table.mapping) {
    throw new ModelError(
      'invalid-argument',
      `the vocabulary of this model is already quantised: ${table.mapping.length} tokens share ${table.rows} rows`,
      { remedy: { code: 'use-unquantized-model' } },
    );
  }
  if (!Number.isInteger(vocabularySize) || vocabularySize < 1 || vocabularySize > table.rows) {
    throw wrong(
      `vocabularySize must be a whole number from 1 to ${table.rows}, the rows of this model; found ${vocabularySize}`,
    );
  }
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff)) {
    throw wrong(`seed must be a whole number from 0 to ${0xffff_ffff}; found ${seed}`);
  }
}

/** Before the clustering, which takes long, and not after. */
function truncationCheck(table: EmbeddingTable, dimensionality: number): void {
  truncateColumns({ ...table, rows: 0 }, dimensionality);
}

function wrong(message: string): ModelError {
  return new ModelError('invalid-argument', message);
}

async function clusterRows(
  table: EmbeddingTable,
  vocabularySize: number,
  { seed = DEFAULT_SEED, signal, onProgress }: QuantizeModelOptions,
): Promise<EmbeddingTable> {
  const { dim } = table;
  const rows = float32Rows(table);
  const weights = table.weights ?? dividedByLength(rows, dim);
  const clustering = { clusters: vocabularySize, seed, signal, onProgress };
  const { centroids, owners } = await kMeans(rows, dim, clustering);
  const parts = { rows: vocabularySize, dim, mapping: owners, weights };
  switch (table.dtype) {
    case 'float16': {
      const data = new Uint16Array(centroids.length);
      narrowToFloat16(centroids, data);
      return { ...parts, dtype: 'float16', data };
    }
    case 'float64':
      return { ...parts, dtype: 'float64', data: Float64Array.from(centroids) };
    // Means of whole numbers, and of bfloat16, are finer than those.
    case 'int8':
    case 'bfloat16':
    case 'float32':
      return { ...parts, dtype: 'float32', data: centroids };
  }
}

/** The rows of a table in memory of their own. */
function float32Rows(table: EmbeddingTable): Float32Array {
  const rows = new Float32Array(table.data.length);
  if (table.dtype === 'float16') widenFloat16(table.data, rows);
  else if (table.dtype === 'bfloat16') widenBfloat16(table.data, rows);
  else rows.set(table.data);
  return rows;
}

/** Divides each row by its length, in place, and gives the lengths. */
function dividedByLength(rows: Float32Array, dim: number): Float32Array {
  const lengths = new Float32Array(rows.length / dim);
  for (let i = 0; i < lengths.length; i++) {
    const row = rows.subarray(i * dim, (i + 1) * dim);
    let squares = 0;
    for (let column = 0; column < dim; column++) squares += row[column]! * row[column]!;
    const length = Math.fround(Math.sqrt(squares) + SMALLEST_WEIGHT);
    lengths[i] = length;
    for (let column = 0; column < dim; column++) row[column]! /= length;
  }
  return lengths;
}
