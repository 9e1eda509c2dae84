import { DistillError } from '../distill-error.js';
import { type Evaluated, unitEncoder } from './embedder.js';
import type { EvaluateOptions } from './retention.js';
import { bootstrap, type Score } from './score.js';

/** Two texts and their similarity as judged by people. */
export interface ScoredPair {
  readonly first: string;
  readonly second: string;
  readonly score: number;
}

/**
 * How well a model's cosines agree with people's judgement: Spearman's rank correlation.
 *
 * @throws {@link DistillError} with the code `malformed-data` for fewer than two pairs
 *
 * @example
 * ```ts
 * import { evaluateSimilarity, readScoredPairs } from '@model2vec-ts/distill';
 * import { loadStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('./my-model');
 * const [score] = await evaluateSimilarity(model, await readScoredPairs('./sts-test.tsv'));
 * console.log(`${score?.value} (${score?.low} to ${score?.high})`);
 * ```
 */
export async function evaluateSimilarity(
  evaluated: Evaluated,
  pairs: readonly ScoredPair[],
  { signal, onProgress }: EvaluateOptions = {},
): Promise<Score[]> {
  if (pairs.length < 2) {
    throw new DistillError('malformed-data', `a correlation needs at least two pairs; found ${pairs.length}`);
  }
  const encoder = await unitEncoder(evaluated, signal);
  try {
    const first = await encoder.encode(pairs.map((pair) => pair.first));
    const second = await encoder.encode(pairs.map((pair) => pair.second));
    const cosines = Float64Array.from(pairs, (_, i) => {
      let sum = 0;
      for (let at = i * first.dim; at < (i + 1) * first.dim; at++) sum += first.data[at]! * second.data[at]!;
      return sum;
    });
    const wanted = Float64Array.from(pairs, ({ score }) => score);
    onProgress?.(1);
    return [
      bootstrap('spearman', pairs.length, (items) =>
        spearman(
          Float64Array.from(items, (i) => cosines[i]!),
          Float64Array.from(items, (i) => wanted[i]!),
        ),
      ),
    ];
  } finally {
    await encoder.close();
  }
}

/** Spearman's rank correlation; equal values share the mean of their ranks; 0 if one side does not vary. */
export function spearman(a: Float64Array, b: Float64Array): number {
  const x = ranks(a);
  const y = ranks(b);
  const mean = (a.length - 1) / 2;
  let products = 0;
  let left = 0;
  let right = 0;
  for (let i = 0; i < a.length; i++) {
    products += (x[i]! - mean) * (y[i]! - mean);
    left += (x[i]! - mean) ** 2;
    right += (y[i]! - mean) ** 2;
  }
  return left === 0 || right === 0 ? 0 : products / Math.sqrt(left * right);
}

function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}
