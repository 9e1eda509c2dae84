import type { Weight } from './encoder-weights.js';

/** MPNet's value, whatever its config says. */
const BUCKETS = 32;
const MAX_DISTANCE = 128;

/** Attention bias by the distance of two tokens, as MPNet computes it: 1 × heads × tokens × tokens. */
export function relativeBias({ data, shape }: Weight, tokens: number): Float32Array {
  const heads = shape[1]!;
  const bias = new Float32Array(heads * tokens * tokens);
  for (let from = 0; from < tokens; from++) {
    for (let to = 0; to < tokens; to++) {
      const row = bucketOf(from - to) * heads;
      for (let head = 0; head < heads; head++) bias[(head * tokens + from) * tokens + to] = data[row + head]!;
    }
  }
  return bias;
}

function bucketOf(distance: number): number {
  const half = BUCKETS / 2;
  const exact = half / 2;
  const first = distance < 0 ? half : 0;
  const length = Math.abs(distance);
  if (length < exact) return first + length;
  const logarithmic = Math.trunc(
    Math.fround((Math.log(length / exact) / Math.log(MAX_DISTANCE / exact)) * (half - exact)),
  );
  return first + Math.min(exact + logarithmic, half - 1);
}
