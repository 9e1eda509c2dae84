import { availableParallelism } from 'node:os';
import {
  loadStaticModel,
  modelFilesOf,
  type QuantizedDtype,
  quantizeModel,
  type StaticModel,
} from '@model2vec-ts/static-model';
import { DistillError } from '../distill-error.js';
import type { Teacher, TokenPooling } from '../teacher/teacher.js';
import { type Dimensionality, principalComponents } from './principal-components.js';
import { tokenVectors } from './token-vectors.js';

/** Progress of {@link distill}. */
export interface DistillProgress {
  readonly stage: 'tokens' | 'clusters' | 'components';
  readonly done: number;
  readonly total: number;
}

/** Options of {@link distill}; names and defaults are the reference's where it has them. */
export interface DistillOptions {
  /** Words to add to the vocabulary. A word of several pieces is found before a text is split. */
  readonly vocabulary?: readonly string[] | undefined;
  /**
   * Dimensions of the model: a count, a share of the variance (above 0, below 1), `'auto'` for all principal components,
   * or `null` for the teacher's own dimensions.
   * @defaultValue 256
   */
  readonly dimensionality?: Dimensionality | undefined;
  /**
   * Weight of frequent tokens: a smaller value reduces their weight. `null` for no weights.
   * @defaultValue 1e-4
   */
  readonly sifCoefficient?: number | null | undefined;
  /**
   * Pattern of tokens to remove, matched from their start; `null` for none.
   * @defaultValue `[unused0]` and the like
   */
  readonly tokenRemovePattern?: RegExp | null | undefined;
  /**
   * How the hidden states of a token become its vector.
   * @defaultValue `'mean'`
   */
  readonly pooling?: Exclude<TokenPooling, 'max'> | undefined;
  /**
   * Element type of the table.
   * @defaultValue `'float16'`
   */
  readonly dtype?: QuantizedDtype | undefined;
  /** Number of rows to keep: similar tokens share their mean. @defaultValue one row per token */
  readonly vocabularySize?: number | undefined;
  /**
   * Threads in addition to those of ONNX Runtime.
   * @defaultValue one per core
   */
  readonly threads?: number | undefined;
  /** Stops the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called during each stage. */
  readonly onProgress?: ((progress: DistillProgress) => void) | undefined;
}

/** Tokens that the reference removes by default. */
const UNUSED = /\[unused\d+\]/;

/**
 * Distils a teacher into a static model, like Python `model2vec` 0.10.0: each token is encoded alone, and the vectors
 * are rotated onto their principal components and weighted by the token's rank.
 *
 * @returns a model with the tokenizer and config that Python writes; save it with `saveStaticModel`
 * @throws {@link DistillError} with the code `invalid-argument`, `empty-vocabulary` or `unusable-vectors`
 *
 * @example
 * ```ts
 * import { distill, loadTeacher } from '@model2vec-ts/distill';
 * import { saveStaticModel } from '@model2vec-ts/static-model';
 *
 * const teacher = await loadTeacher('./all-MiniLM-L6-v2');
 * const model = await distill(teacher, { dimensionality: 256 });
 * await saveStaticModel(model, './minilm-static');
 * await teacher.close();
 * ```
 */
export async function distill(teacher: Teacher, options: DistillOptions = {}): Promise<StaticModel> {
  const { dimensionality = 256, sifCoefficient = 1e-4, pooling = 'mean', dtype = 'float16' } = options;
  const { threads = availableParallelism(), vocabularySize, signal, onProgress } = options;
  checkOptions(dimensionality, sifCoefficient);
  const { tokenRemovePattern = UNUSED } = options;
  const tokens = await tokenVectors(teacher, {
    words: options.vocabulary ?? [],
    pattern: tokenRemovePattern ?? undefined,
    pooling,
    signal,
    onProgress: (progress) => onProgress?.({ stage: 'tokens', ...progress }),
  });
  checkFinite(tokens.vectors, teacher);
  const config = {
    model_type: 'model2vec',
    architectures: ['StaticModel'],
    tokenizer_name: teacher.name,
    apply_pca: dimensionality,
    sif_coefficient: sifCoefficient,
    seq_length: 1_000_000,
    normalize: true,
    pooling,
    max_length: 512,
  };
  const weights = sifWeights(tokens.vectors.length / teacher.dim, sifCoefficient);
  const { tokenizerJson } = tokens;

  let source = tokens.vectors;
  let perToken = {};
  if (vocabularySize !== undefined) {
    const table = {
      dtype: 'float32',
      rows: weights.length,
      dim: teacher.dim,
      data: source,
      weights,
    } as const;
    const clustered = await quantizeModel(
      { table, tokenizerJson, config, layout: 'model2vec', origin: teacher.name, fingerprint: '' },
      {
        vocabularySize,
        ...(signal && { signal }),
        onProgress: ({ fraction }) => onProgress?.({ stage: 'clusters', done: fraction, total: 1 }),
      },
    );
    source = clustered.table.data as Float32Array;
    perToken = { mapping: clustered.table.mapping, weights };
  }
  signal?.throwIfAborted();
  onProgress?.({ stage: 'components', done: 0, total: 1 });
  const { data, rows, dim } = await principalComponents(source, teacher.dim, dimensionality, threads);
  if (vocabularySize === undefined) {
    for (let i = 0; i < data.length; i++) data[i]! *= weights[Math.floor(i / dim)]!;
  }
  onProgress?.({ stage: 'components', done: 1, total: 1 });
  signal?.throwIfAborted();
  const { seq_length, normalize, pooling: _, max_length, ...head } = config;
  const model: StaticModel = {
    table: { dtype: 'float64', rows, dim, data, ...perToken },
    tokenizerJson,
    // In the reference's order.
    config: { ...head, hidden_dim: dim, seq_length, normalize, pooling, max_length },
    layout: 'model2vec',
    origin: teacher.name,
    fingerprint: '',
  };
  // Loading it again checks it and computes its fingerprint.
  const cast = dtype === 'float64' ? model : await quantizeModel(model, { dtype });
  return await loadStaticModel(modelFilesOf(cast, { card: false }));
}

function checkOptions(dimensionality: Dimensionality, sifCoefficient: number | null): void {
  const wrong = (message: string): DistillError => new DistillError('invalid-argument', message);
  const isCount = Number.isInteger(dimensionality) && (dimensionality as number) >= 1;
  const isShare = typeof dimensionality === 'number' && dimensionality > 0 && dimensionality < 1;
  if (!isCount && !isShare && dimensionality !== 'auto' && dimensionality !== null) {
    throw wrong(
      `dimensionality must be a whole number from 1, a share of the variance between 0 and 1, 'auto' or null; found ${String(dimensionality)}`,
    );
  }
  if (sifCoefficient !== null && !(sifCoefficient > 0 && sifCoefficient < 1)) {
    throw wrong(`sifCoefficient must be above 0 and below 1, or null; found ${sifCoefficient}`);
  }
}

/** Values that are not finite are replaced, as in the reference; a teacher without any finite vector is broken. */
function checkFinite(vectors: Float32Array, teacher: Teacher): void {
  let isUsable = false;
  for (let i = 0; i < vectors.length; i++) {
    const value = vectors[i]!;
    if (Number.isFinite(value)) isUsable ||= value !== 0;
    // numpy.nan_to_num.
    else vectors[i] = Number.isNaN(value) ? 0 : Math.sign(value) * 3.4028234663852886e38;
  }
  if (!isUsable) {
    throw new DistillError(
      'unusable-vectors',
      `${teacher.name} gives no token a vector of finite numbers; its weights are probably damaged`,
    );
  }
}

/** By Zipf's law, a token's probability falls with its rank, which is its position in the vocabulary. */
function sifWeights(tokens: number, coefficient: number | null): Float64Array {
  const weights = Float64Array.from({ length: tokens }, (_, i) => 1 / (i + 2));
  if (coefficient === null) return weights.fill(1);
  const total = weights.reduce((sum, rank) => sum + rank, 0);
  return weights.map((rank) => coefficient / (coefficient + rank / total));
}
