/** What the whole vocabulary amounts to. */
export interface VocabularyStatistics {
  /** Number of distinct tokens. */
  readonly size: number;
  /** One more than the largest id. */
  readonly idLimit: number;
  /** As {@link Tokenizer.medianTokenLength}. */
  readonly medianTokenLength: number;
}

function codePointLength(text: string): number {
  let { length } = text;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) length--;
  return length;
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Uint32Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : Math.trunc((sorted[middle - 1]! + sorted[middle]!) / 2);
}

/** Reads a vocabulary once. Tokens must be distinct; ids need not be. */
export function statisticsOf(entries: Iterable<readonly [token: string, id: number]>): VocabularyStatistics {
  const lengths: number[] = [];
  let idLimit = 0;
  for (const [token, id] of entries) {
    lengths.push(codePointLength(token));
    if (id >= idLimit) idLimit = id + 1;
  }
  return { size: lengths.length, idLimit, medianTokenLength: medianOf(lengths) };
}
