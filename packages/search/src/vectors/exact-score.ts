/** Euclidean length of a vector. */
export function lengthOf(values: Float32Array | Int8Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** Inner product in float64; with `queryLength`, divided by both lengths, and 0 if one of them is 0. */
export function exactScore(
  query: Float32Array | Int8Array,
  values: Float32Array | Int8Array,
  queryLength?: number,
): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < query.length; i++) {
    product += query[i]! * values[i]!;
    square += values[i]! * values[i]!;
  }
  if (queryLength === undefined) return product;
  return square === 0 || queryLength === 0 ? 0 : product / (Math.sqrt(square) * queryLength);
}
