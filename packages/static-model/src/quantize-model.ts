import { widenBfloat16 } from './elements/bfloat16.js';
import { widenFloat16 } from './elements/float16.js';
import { narrowToFloat16 } from './elements/float16-rounding.js';
import { kMeans, type QuantizeProgress } from './k-means/k-means.js';
import { ModelError } from './model-error.js';
import type { ModelAdvice } from './remedy.js';
import { derivedModel } from './save/derived-model.js';
import type { StaticModel } from './static-model.js';
import type { EmbeddingTable } from './table/embedding-table.js';
import { QUANTIZED_DTYPES, type QuantizedDtype, quantizeTable, truncateColumns } from './table/quantize.js';

/** The default seed of the reference's k-means. */
const DEFAULT_SEED = 42;
/** Keeps the weight of an all-zero row above zero; the reference's value. */
const SMALLEST_WEIGHT = 1e-32;

/** How {@link quantizeModel} shrinks a model. Pass at least one of the first three options. */
export interface QuantizeModelOptions {
  /** Element type of the table. @defaultValue the model's own */
  readonly dtype?: QuantizedDtype;
  /** Number of columns to keep, from the first; distilled models order them by variance. @defaultValue all columns */
  readonly dimensionality?: number;
  /**
   * Number of rows to keep: similar tokens share their mean, and each keeps its own length. @defaultValue one row per
   * token
   */
  readonly vocabularySize?: number;
  /** Seed of the clustering: a whole number from 0 to 2³² − 1. @defaultValue 42 */
  readonly seed?: number;
  /** Stops the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the progress of the clustering for `vocabularySize`. */
  readonly onProgress?: (progress: QuantizeProgress) => void;
}

/**
 * Shrinks a model like the reference's `quantize_model` and in the same order: first the vocabulary, then the element
 * type, then the columns.
 *
 * `vocabularySize` clusters the rows. If the model has no weights, each row is first divided by its length, which
 * becomes the token's weight. The cluster means are the new table, and `mapping` assigns tokens to them. The clusters
 * differ from the reference's and are closer to the rows: see `k-means.ts`. The same model, options and seed give the
 * same bytes on every machine.
 *
 * @returns a new model; `model` is unchanged
 * @throws {@link ModelError} with the code `invalid-argument` for a wrong option, and for `vocabularySize` if the model
 * already has a mapping
 * @throws {@link UnsupportedModelError} for `vocabularySize` if there is too little memory
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
      useUnquantizedModel(),
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

/** Checked before the clustering, because that takes long. */
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
    // Means of integers or bfloat16 need a finer type.
    case 'int8':
    case 'bfloat16':
    case 'float32':
      return { ...parts, dtype: 'float32', data: centroids };
  }
}

/** Copies the rows of a table as float32. */
function float32Rows(table: EmbeddingTable): Float32Array {
  const rows = new Float32Array(table.data.length);
  if (table.dtype === 'float16') widenFloat16(table.data, rows);
  else if (table.dtype === 'bfloat16') widenBfloat16(table.data, rows);
  else rows.set(table.data);
  return rows;
}

/** Divides each row by its length, in place, and returns the lengths. */
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

export function useUnquantizedModel(): ModelAdvice {
  return { remedy: { code: 'use-unquantized-model' }, advice: 'begin with a model without a mapping' };
}
