import { availableParallelism } from 'node:os';
import {
  loadStaticModel,
  modelFilesOf,
  type QuantizedDtype,
  quantizeModel,
  type StaticModel,
} from '@model2vec-ts/static-model';
import { AlgebraThreads } from '../algebra/algebra-threads.js';
import { tokenVectors } from '../distill/token-vectors.js';
import { DistillError } from '../distill-error.js';
import type { Teacher } from '../teacher/teacher.js';
import { chooseLambda, type LambdaTrial } from './held-out.js';
import { RidgeSolver } from './ridge-solver.js';
import { tokenRows } from './table-rows.js';
import { teachTexts } from './taught-texts.js';
import type { TextSource } from './text-source.js';

/** Progress of {@link adapt}. */
export interface AdaptProgress {
  /** Encoding tokens and texts with the teacher, preparing the fit, choosing λ, fitting. */
  readonly stage: 'tokens' | 'texts' | 'preparing' | 'choosing' | 'fitting';
  /** Finished tokens or texts; in the other stages, a fraction of 1. */
  readonly done: number;
  /** `undefined` while texts are read. */
  readonly total: number | undefined;
}

/** Options of {@link adapt}. */
export interface AdaptOptions {
  /** Documents of the collection that will be searched. They count more, and λ is chosen on them. */
  readonly own?: TextSource | undefined;
  /**
   * Number of times that an own document counts.
   * @defaultValue 3
   */
  readonly ownWeight?: number | undefined;
  /**
   * Whether sentences of long own documents are used as texts, too.
   * @defaultValue true
   */
  readonly sentences?: boolean | undefined;
  /** A model whose tokenizer and table to start from. @defaultValue a distillation of the teacher */
  readonly from?: StaticModel | undefined;
  /** Words to add to the vocabulary, without `from`. */
  readonly vocabulary?: readonly string[] | undefined;
  /**
   * Dimensions of the model, at most the teacher's.
   * @defaultValue 256
   */
  readonly dimensionality?: number | undefined;
  /**
   * Weight of the start against the texts. A smaller value follows the texts more closely.
   * @defaultValue chosen on held-out texts
   */
  readonly lambda?: number | undefined;
  /**
   * Element type of the table.
   * @defaultValue `'float16'`
   */
  readonly dtype?: QuantizedDtype | undefined;
  /** Name of a prompt of the teacher, as in {@link Teacher.encode}. */
  readonly prompt?: string | null | undefined;
  /**
   * Folder that caches the teacher's vectors, so that later runs compute only those of new texts. @defaultValue no
   * cache
   */
  readonly cacheDir?: string | undefined;
  /**
   * Threads in addition to those of ONNX Runtime.
   * @defaultValue one per core
   */
  readonly threads?: number | undefined;
  /** Stops the work, which then rejects with the signal's reason. Vectors in `cacheDir` are kept. */
  readonly signal?: AbortSignal | undefined;
  /** Called during each stage. */
  readonly onProgress?: ((progress: AdaptProgress) => void) | undefined;
}

/** An adapted model and facts about the fit. */
export interface AdaptedModel {
  readonly model: StaticModel;
  /** Number of distinct texts with known tokens that it was fitted to. */
  readonly texts: number;
  /** Texts whose vectors were in the cache. */
  readonly cachedTexts: number;
  readonly lambda: number;
  /** Measurements for choosing λ; empty if it was given, or if there are fewer than 1,000 texts. */
  readonly trials: readonly LambdaTrial[];
  /** Seconds of each part. */
  readonly seconds: { readonly teacher: number; readonly fit: number };
}

/**
 * Fits a static model to a teacher on unlabelled texts: the model's vector of each text comes as close as possible to
 * the teacher's, by ridge regression in closed form. It needs no labels, no gradients and no GPU. The model keeps half
 * of its teacher's nearest neighbours, while one that is only distilled keeps 30 %; it keeps more if `own` contains the
 * collection to search.
 *
 * Texts are read once. Memory grows with their number: 4 bytes per dimension of teacher and model, and 12 per distinct
 * token of a text; 60,000 short texts take 200 MB.
 *
 * @param texts - general texts of the language and kind of the expected queries; use 20,000 to 100,000
 * @throws {@link DistillError} with the code `not-enough-texts`, `too-many-texts`, `cache-failure` or `invalid-argument`
 *
 * @example
 * ```ts
 * import { adapt, loadTeacher } from '@model2vec-ts/distill';
 * import { saveStaticModel } from '@model2vec-ts/static-model';
 *
 * declare const texts: AsyncIterable<string>;
 * declare const pages: readonly string[];
 *
 * const teacher = await loadTeacher('./all-MiniLM-L6-v2');
 * const { model, lambda } = await adapt(teacher, texts, { own: pages, cacheDir: './vectors' });
 * await saveStaticModel(model, './my-model');
 * await teacher.close();
 * ```
 */
export async function adapt(
  teacher: Teacher,
  texts: TextSource,
  options: AdaptOptions = {},
): Promise<AdaptedModel> {
  const { own = [], ownWeight = 3, sentences = true, threads = availableParallelism(), signal } = options;
  const dimensionality = checkedDimensionality(options, teacher);
  const progress = (stage: AdaptProgress['stage'], done: number, total?: number): void =>
    options.onProgress?.({ stage, done, total });
  const started = performance.now();
  const base = await startingTable(teacher, options, (done, total) => progress('tokens', done, total));
  const taught = await teachTexts(
    teacher,
    { texts, own, ownWeight, sentences },
    {
      tokenizerJson: base.tokenizerJson,
      prompt: options.prompt,
      cacheDir: options.cacheDir,
      signal,
      onTexts: (done) => progress('texts', done),
    },
  );
  const { counts } = taught;
  progress('texts', counts.texts, counts.texts);
  if (counts.texts < dimensionality) {
    throw new DistillError(
      'not-enough-texts',
      `${counts.texts} different texts with known tokens cannot determine ${dimensionality} dimensions`,
      { remedy: { code: 'add-texts', atLeast: dimensionality } },
    );
  }
  const taughtAt = performance.now();
  const algebra = await AlgebraThreads.start(threads);
  try {
    const isWeighted = taught.weights.some((weight) => weight !== 1);
    const solver = await RidgeSolver.prepare(
      algebra,
      {
        counts,
        vectors: taught.vectors,
        table: base.table,
        tableDim: base.dim,
        dimensionality,
        ...(isWeighted && { weights: taught.weights }),
      },
      signal,
      (fraction) => progress('preparing', fraction, 1),
    );
    const { lambda, trials } =
      options.lambda === undefined
        ? await chooseLambda(solver, taught, dimensionality, signal, (part) => progress('choosing', part, 1))
        : { lambda: options.lambda, trials: [] };
    const data = await solver.fit({ lambda, signal, onProgress: (part) => progress('fitting', part, 1) });
    const model = await finished(teacher, base, data, dimensionality, options);
    const ended = performance.now();
    return {
      model,
      texts: counts.texts,
      cachedTexts: taught.cached,
      lambda,
      trials,
      seconds: { teacher: (taughtAt - started) / 1000, fit: (ended - taughtAt) / 1000 },
    };
  } finally {
    await algebra.close();
  }
}

interface StartingTable {
  readonly tokenizerJson: Uint8Array;
  /** Tokens × dim. */
  readonly table: Float32Array;
  readonly dim: number;
  readonly config: StaticModel['config'];
}

function checkedDimensionality(
  { dimensionality, lambda, ownWeight, from, vocabulary }: AdaptOptions,
  teacher: Teacher,
): number {
  const wrong = (message: string): DistillError => new DistillError('invalid-argument', message);
  const chosen = dimensionality ?? Math.min(256, teacher.dim);
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > teacher.dim) {
    throw wrong(
      `dimensionality must be a whole number from 1 to ${teacher.dim}, which ${teacher.name} has; found ${chosen}`,
    );
  }
  if (lambda !== undefined && !(lambda > 0 && lambda < Number.POSITIVE_INFINITY)) {
    throw wrong(`lambda must be a number above 0; found ${lambda}`);
  }
  if (ownWeight !== undefined && !(ownWeight > 0 && ownWeight <= 1000)) {
    throw wrong(`ownWeight must be above 0 and at most 1000; found ${ownWeight}`);
  }
  if (from !== undefined && vocabulary !== undefined) {
    throw wrong(
      'vocabulary cannot be given with from, whose tokenizer stays as it is; leave one of them out',
    );
  }
  return chosen;
}

async function startingTable(
  teacher: Teacher,
  { from, vocabulary = [], signal, cacheDir }: AdaptOptions,
  onTokens: (done: number, total: number) => void,
): Promise<StartingTable> {
  if (from !== undefined) {
    return {
      tokenizerJson: from.tokenizerJson,
      table: await tokenRows(from),
      dim: from.table.dim,
      config: from.config,
    };
  }
  const { tokenizerJson, vectors } = await tokenVectors(teacher, {
    words: vocabulary,
    pattern: /\[unused\d+\]/,
    pooling: 'mean',
    cacheDir,
    signal,
    onProgress: ({ done, total }) => onTokens(done, total),
  });
  for (let i = 0; i < vectors.length; i++) if (!Number.isFinite(vectors[i])) vectors[i] = 0;
  const config = { model_type: 'model2vec', architectures: ['StaticModel'], tokenizer_name: teacher.name };
  return { tokenizerJson, table: vectors, dim: teacher.dim, config };
}

async function finished(
  teacher: Teacher,
  { tokenizerJson, config }: StartingTable,
  data: Float32Array,
  dim: number,
  { dtype = 'float16' }: AdaptOptions,
): Promise<StaticModel> {
  const model: StaticModel = {
    table: { dtype: 'float32', rows: data.length / dim, dim, data },
    tokenizerJson,
    config: {
      ...config,
      hidden_dim: dim,
      seq_length: 1_000_000,
      normalize: true,
      max_length: config.max_length ?? 512,
    },
    layout: 'model2vec',
    origin: teacher.name,
    fingerprint: '',
  };
  const cast = dtype === 'float32' ? model : await quantizeModel(model, { dtype });
  // Loading it again checks it and computes its fingerprint.
  return await loadStaticModel(modelFilesOf(cast, { card: false }));
}
