import { nearestRows, type UnitVectors } from '../algebra/nearest-rows.js';
import { DistillError } from '../distill-error.js';
import { type Evaluated, unitEncoder } from './embedder.js';
import { meanScore, type Score } from './score.js';

/** Documents, queries, and for each query the documents that a teacher finds nearest. */
export interface RetentionSet {
  readonly documents: readonly string[];
  readonly queries: readonly string[];
  /** For each query, positions of its nearest documents. */
  readonly nearest: readonly (readonly number[])[];
}

/** Options of an evaluation. */
export interface EvaluateOptions {
  /** Stops the work, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the finished fraction of the queries. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Queries between checks of the signal. */
const SLICE = 64;

/**
 * The documents that a teacher finds nearest to each query, which {@link evaluateRetention} compares with.
 *
 * @example
 * ```ts
 * import { loadTeacher, retentionSet } from '@model2vec-ts/distill';
 *
 * const teacher = await loadTeacher('./all-MiniLM-L6-v2');
 * const documents = ['a cat sleeps', 'interest rates rose'];
 * const { nearest } = await retentionSet(teacher, documents, ['a kitten naps'], { count: 1 });
 * console.log(nearest); // [[0]]: the first document is nearest to the query
 * ```
 */
export async function retentionSet(
  teacher: Evaluated,
  documents: readonly string[],
  queries: readonly string[],
  options: EvaluateOptions & {
    /**
     * Documents per query.
     * @defaultValue 10
     */
    readonly count?: number;
  } = {},
): Promise<RetentionSet> {
  const nearest: number[][] = [];
  await eachQuery(teacher, documents, queries, options.count ?? 10, options, (_, rows) => {
    nearest.push([...rows]);
  });
  return { documents, queries, nearest };
}

/**
 * How much of a teacher's ranking a model keeps: the share of the teacher's nearest documents that are among the
 * model's nearest documents, as many of them.
 *
 * @throws {@link DistillError} with the code `malformed-data` for an empty set
 *
 * @example
 * ```ts
 * import { evaluateRetention, loadTeacher, retentionSet } from '@model2vec-ts/distill';
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 *
 * const teacher = await loadTeacher('./all-MiniLM-L6-v2');
 * const set = await retentionSet(teacher, ['a document', 'another one'], ['a query'], { count: 1 });
 * const [score] = await evaluateRetention(await loadStaticModel('./my-model'), set);
 * console.log(`${score?.value} (${score?.low} to ${score?.high})`);
 * ```
 */
export async function evaluateRetention(
  evaluated: Evaluated,
  { documents, queries, nearest }: RetentionSet,
  options: EvaluateOptions = {},
): Promise<Score[]> {
  const count = Math.max(0, ...nearest.map(({ length }) => length));
  if (nearest.length !== queries.length || count === 0) {
    throw new DistillError(
      'malformed-data',
      `a retention set has the nearest documents of each query; found ${nearest.length} lists for ${queries.length} queries`,
    );
  }
  const shares = new Float64Array(queries.length);
  await eachQuery(evaluated, documents, queries, count, options, (query, rows) => {
    const wanted = new Set(nearest[query]);
    let found = 0;
    for (const row of rows.subarray(0, wanted.size)) if (wanted.has(row)) found++;
    shares[query] = found / Math.max(wanted.size, 1);
  });
  return [meanScore(`retention@${count}`, shares)];
}

/** Calls `visit` with the nearest documents of each query. */
export async function eachQuery(
  evaluated: Evaluated,
  documents: readonly string[],
  queries: readonly string[],
  count: number,
  { signal, onProgress }: EvaluateOptions,
  visit: (query: number, nearest: Uint32Array) => void,
): Promise<void> {
  if (documents.length === 0 || queries.length === 0) {
    throw new DistillError(
      'malformed-data',
      `an evaluation needs documents and queries; found ${documents.length} documents and ${queries.length} queries`,
    );
  }
  const encoder = await unitEncoder(evaluated, signal);
  let rows: UnitVectors;
  let asked: UnitVectors;
  try {
    rows = await encoder.encode(documents);
    asked = await encoder.encode(queries);
  } finally {
    await encoder.close();
  }
  for (let query = 0; query < queries.length; query++) {
    visit(query, nearestRows(rows, asked, query, count));
    if (query % SLICE !== SLICE - 1) continue;
    onProgress?.((query + 1) / queries.length);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  onProgress?.(1);
}
