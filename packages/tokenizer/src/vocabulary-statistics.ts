import type { Vocabulary } from './models/vocabulary.js';

/** Statistics of a whole vocabulary. */
export interface VocabularyStatistics {
  /** Number of distinct tokens. */
  readonly size: number;
  /** One more than the largest id. */
  readonly idLimit: number;
  /** As {@link Tokenizer.medianTokenLength}. */
  readonly medianTokenLength: number;
}

/** Returns the value at a position of the sorted values, each repeated as `counts` says. */
function valueAt(position: number, counts: readonly number[]): number {
  let value = 0;
  for (let end = counts[0]!; end <= position; end += counts[value]!) value++;
  return value;
}

function medianOf(counts: readonly number[], size: number): number {
  if (size === 0) return 0;
  const upper = valueAt(size >> 1, counts);
  return size % 2 === 1 ? upper : Math.trunc((valueAt((size >> 1) - 1, counts) + upper) / 2);
}

/** Statistics of the reference's `get_vocab()`: the model's tokens, and added tokens that are not among them. */
export function statisticsOf(
  vocabulary: Vocabulary,
  added: Iterable<readonly [token: string, id: number]>,
): VocabularyStatistics {
  const counts = Array.from(vocabulary.packed.lengthCounts);
  let { size, idLimit } = vocabulary;
  for (const [token, id] of added) {
    if (id >= idLimit) idLimit = id + 1;
    if (vocabulary.idOf(token) !== undefined) continue;
    size++;
    const { length } = [...token];
    while (length >= counts.length) counts.push(0);
    counts[length]!++;
  }
  return { size, idLimit, medianTokenLength: medianOf(counts, size) };
}
