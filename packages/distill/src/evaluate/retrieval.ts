import { DistillError } from '../distill-error.js';
import type { Evaluated } from './embedder.js';
import { type EvaluateOptions, eachQuery } from './retention.js';
import { meanScore, type Score } from './score.js';

/** Documents, queries and judgements, by ids. */
export interface RetrievalSet {
  readonly documents: ReadonlyMap<string, string>;
  readonly queries: ReadonlyMap<string, string>;
  /** For each query, the relevance of documents; those above 0 are relevant. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const DEPTH = 100;
const TOP = 10;

/**
 * How well a model finds documents that people judged relevant: nDCG@10, recall@10, recall@100 and MRR@10 as BEIR
 * computes them, over the queries with a relevant document. A document with the query's own id is ignored.
 *
 * @throws {@link DistillError} with the code `malformed-data` if no query has a relevant document
 *
 * @example
 * ```ts
 * import { evaluateRetrieval, readRetrievalSet } from '@model2vec-ts/distill';
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 *
 * const embedder = await Model2VecEmbeddingFunction.create({ modelSource: './my-model' });
 * console.log(await evaluateRetrieval(embedder, await readRetrievalSet('./scifact')));
 * await embedder.close();
 * ```
 */
export async function evaluateRetrieval(
  evaluated: Evaluated,
  { documents, queries, judgements }: RetrievalSet,
  options: EvaluateOptions = {},
): Promise<Score[]> {
  const judged = [...queries.keys()].filter((id) =>
    [...(judgements.get(id)?.values() ?? [])].some((relevance) => relevance > 0),
  );
  if (judged.length === 0) {
    throw new DistillError(
      'malformed-data',
      `none of the ${queries.size} queries has a relevant document in the judgements`,
    );
  }
  const ids = [...documents.keys()];
  const figures = { 'nDCG@10': [], 'recall@10': [], 'recall@100': [], 'MRR@10': [] } as Record<
    string,
    number[]
  >;
  const texts = judged.map((id) => queries.get(id)!);
  await eachQuery(evaluated, [...documents.values()], texts, DEPTH + 1, options, (query, rows) => {
    const id = judged[query]!;
    const relevance = judgements.get(id)!;
    const found = Array.from(rows, (row) => ids[row]!)
      .filter((document) => document !== id)
      .slice(0, DEPTH)
      .map((document) => Math.max(relevance.get(document) ?? 0, 0));
    const relevant = [...relevance.values()].filter((each) => each > 0).sort((a, b) => b - a);
    const first = found.slice(0, TOP).findIndex((each) => each > 0);
    const share = (depth: number): number =>
      found.slice(0, depth).filter((each) => each > 0).length / relevant.length;
    figures['nDCG@10']!.push(gain(found) / gain(relevant));
    figures['recall@10']!.push(share(TOP));
    figures['recall@100']!.push(share(DEPTH));
    figures['MRR@10']!.push(first < 0 ? 0 : 1 / (first + 1));
  });
  return Object.entries(figures).map(([metric, values]) => meanScore(metric, values));
}

function gain(relevances: readonly number[]): number {
  return relevances.slice(0, TOP).reduce((sum, relevance, rank) => sum + relevance / Math.log2(rank + 2), 0);
}
