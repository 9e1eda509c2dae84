/** A figure with its 95 % confidence interval by bootstrap. */
export interface Score {
  /** Name, such as `nDCG@10`. */
  readonly metric: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Number of queries or pairs in the mean. */
  readonly count: number;
}

const RESAMPLES = 1000;
const SEED = 42;

/**
 * A statistic with its confidence interval: the bounds contain 95 % of the statistics of 1,000 resamples of the items.
 * The same items give the same bounds.
 *
 * @param statistic - computes the statistic of the items at these positions
 */
export function bootstrap(metric: string, count: number, statistic: (items: Uint32Array) => number): Score {
  const value = statistic(Uint32Array.from({ length: count }, (_, i) => i));
  const random = generator(SEED);
  const items = new Uint32Array(count);
  const values = Float64Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < count; i++) items[i] = Math.floor(random() * count);
    return statistic(items);
  }).sort();
  return { metric, value, low: values[RESAMPLES * 0.025]!, high: values[RESAMPLES * 0.975 - 1]!, count };
}

/** Mean of one figure per item, with its confidence interval. */
export function meanScore(metric: string, figures: ArrayLike<number>): Score {
  return bootstrap(metric, figures.length, (items) => {
    let sum = 0;
    for (const i of items) sum += figures[i]!;
    return sum / items.length;
  });
}

/** Random numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
