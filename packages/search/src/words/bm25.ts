/** Constants of BM25, as a text collection sets them in Milvus. */
const K1 = 1.2;
const B = 0.75;

/** Inverse document frequency of a term in `rows` of `liveRows` rows. */
export function inverseFrequency(liveRows: number, rows: number): number {
  return Math.log(1 + (liveRows - rows + 0.5) / (rows + 0.5));
}

/** The part of a row's length that counts for {@link termScore}, per word. */
export function lengthFactor(liveRows: number, totalLength: number): number {
  return (K1 * B * liveRows) / (totalLength || 1);
}

/** Score of a term that occurs `count` times in a row of `length` words. */
export function termScore(weight: number, count: number, length: number, perWord: number): number {
  return (weight * count * (K1 + 1)) / (count + K1 * (1 - B) + perWord * length);
}
