/** Counts tokens by their length in code points. */
export class TokenLengths {
  readonly #counts: number[] = [];
  #size = 0;

  constructor(tokens: Iterable<string>) {
    for (const token of tokens) this.add(lengthOf(token));
  }

  add(length: number): void {
    this.#counts[length] = (this.#counts[length] ?? 0) + 1;
    this.#size++;
  }

  /** The reference's `int(median(…))`: the mean of the two middle ones, truncated. */
  median(): number {
    if (this.#size === 0) return 0;
    return Math.trunc((this.#at((this.#size - 1) >> 1) + this.#at(this.#size >> 1)) / 2);
  }

  /** The length at an index of the sorted order. */
  #at(place: number): number {
    let before = 0;
    for (let length = 0; length < this.#counts.length; length++) {
      before += this.#counts[length] ?? 0;
      if (before > place) return length;
    }
    return 0;
  }
}

function lengthOf(token: string): number {
  let { length } = token;
  for (let i = 0; i < token.length; i++) if ((token.charCodeAt(i) & 0xfc00) === 0xdc00) length--;
  return length;
}

/**
 * Additional tokens that preserve the median length, lowest ids first: long texts are cut at a multiple of it before
 * tokenization.
 *
 * @param all - tokens of the whole vocabulary in id order
 */
export function tokensForMedian(all: readonly string[], kept: ReadonlySet<string>): readonly string[] {
  const wanted = new TokenLengths(all).median();
  const lengths = new TokenLengths(kept);
  const spare: string[][] = [];
  for (const token of all.toReversed()) {
    if (kept.has(token)) continue;
    const length = lengthOf(token);
    spare[length] ??= [];
    spare[length].push(token);
  }
  const chosen: string[] = [];
  for (let median = lengths.median(); median !== wanted; median = lengths.median()) {
    const step = Math.sign(wanted - median);
    let length = wanted;
    while (length >= 0 && length < spare.length && (spare[length]?.length ?? 0) === 0) length += step;
    const token = spare[length]?.pop();
    // The whole vocabulary has this median, so tokens are left until it is reached, possibly of other lengths.
    const next = token ?? spare.find((tokens) => (tokens?.length ?? 0) > 0)?.pop();
    if (next === undefined) break;
    lengths.add(lengthOf(next));
    chosen.push(next);
  }
  return chosen;
}
