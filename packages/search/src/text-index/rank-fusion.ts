import type { RankedRows } from '../vectors/shortlist.js';

/**
 * Constant of reciprocal rank fusion: a row at rank r counts 1 / (k + r). 60 is the default of its authors and of
 * Milvus.
 */
const RANK_CONSTANT = 60;

/** Rows of each ranking that are fused, at least; `TextCollection` fuses as many. */
const DEPTH = 100;

/**
 * Number of rows to take from each ranking for the best `limit` rows: a ranking that ends there would miss others.
 *
 * @example
 * ```ts
 * import { fusionReach } from '@model2vec-ts/search/ranking';
 *
 * console.log(fusionReach(10), fusionReach(500)); // 100 500
 * ```
 */
export function fusionReach(limit: number): number {
  return Math.max(DEPTH, limit);
}

/**
 * Fuses rankings by the sum of reciprocal ranks, best first; equal sums in the order of the first ranking.
 *
 * @example
 * ```ts
 * import { fusedRanks } from '@model2vec-ts/search/ranking';
 *
 * const byMeaning = { rows: [7, 3], scores: [0.9, 0.8] };
 * const byWords = { rows: [3, 5], scores: [12, 4] };
 * console.log(fusedRanks([byMeaning, byWords]).rows); // [3, 7, 5]: both rankings have row 3
 * ```
 */
export function fusedRanks(rankings: readonly RankedRows[], constant: number = RANK_CONSTANT): RankedRows {
  const sums = new Map<number, number>();
  for (const { rows } of rankings) {
    rows.forEach((row, i) => {
      sums.set(row, (sums.get(row) ?? 0) + 1 / (constant + i + 1));
    });
  }
  const fused = [...sums].sort(([, a], [, b]) => b - a);
  return { rows: fused.map(([row]) => row), scores: fused.map(([, score]) => score) };
}
