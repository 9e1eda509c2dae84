import type { RankedRows } from '@model2vec-ts/search/ranking';

/** Returns the `k` rows of the highest scores, best first; equal scores in the order of rows. */
export function bestRows(scored: { readonly row: number; readonly score: number }[], k: number): RankedRows {
  const best = scored.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, k);
  return { rows: best.map(({ row }) => row), scores: best.map(({ score }) => score) };
}
