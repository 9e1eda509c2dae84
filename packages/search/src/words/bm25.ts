/** Constants of BM25, as a text collection sets them in Milvus. */
const K1 = 1.2;
const B = 0.75;

/**
 * Inverse document frequency of a term in `rows` of `liveRows` rows.
 *
 * @example
 * ```ts
 * import { inverseFrequency } from '@model2vec-ts/search/ranking';
 *
 * console.log(inverseFrequency(1000, 1).toFixed(2)); // 6.50 for a word of one row
 * console.log(inverseFrequency(1000, 900).toFixed(2)); // 0.11 for a word of most rows
 * ```
 */
export function inverseFrequency(liveRows: number, rows: number): number {
  return Math.log(1 + (liveRows - rows + 0.5) / (rows + 0.5));
}

/**
 * The part of a row's length that counts for {@link termScore}, per word.
 *
 * @example
 * ```ts
 * import { lengthFactor } from '@model2vec-ts/search/ranking';
 *
 * console.log(lengthFactor(1000, 20_000).toFixed(3)); // 0.045 for 20 words a row
 * ```
 */
export function lengthFactor(liveRows: number, totalLength: number): number {
  return (K1 * B * liveRows) / (totalLength || 1);
}

/**
 * Score of a term that occurs `count` times in a row of `length` words.
 *
 * @example
 * ```ts
 * import { inverseFrequency, lengthFactor, termScore } from '@model2vec-ts/search/ranking';
 *
 * const weight = inverseFrequency(1000, 1);
 * const perWord = lengthFactor(1000, 20_000);
 * console.log(termScore(weight, 1, 10, perWord) > termScore(weight, 1, 40, perWord)); // true: a short row counts more
 * ```
 */
export function termScore(weight: number, count: number, length: number, perWord: number): number {
  return (weight * count * (K1 + 1)) / (count + K1 * (1 - B) + perWord * length);
}
