/** A text to search, and the id of its token. */
export interface TokenPattern {
  readonly content: string;
  readonly id: number;
}

function compare(a: TokenPattern, b: TokenPattern): number {
  return a.content < b.content ? -1 : a.content > b.content ? 1 : 0;
}

/** Finds the longest of many patterns that begins at a position. */
export class TokenPatternSet {
  /** Sorted by UTF-16 units, so that patterns with a common beginning are neighbours. */
  readonly #patterns: readonly TokenPattern[];
  /** First pattern by first UTF-16 unit; `#ends` has the end of its run. */
  readonly #starts: ReadonlyMap<number, number>;
  readonly #ends: ReadonlyMap<number, number>;
  /** Whether a unit begins a pattern, which rejects most positions of most texts. */
  readonly #begins: Uint8Array = new Uint8Array(0x10000);

  /** @param patterns - distinct and not empty */
  constructor(patterns: readonly TokenPattern[]) {
    this.#patterns = [...patterns].sort(compare);
    const starts = new Map<number, number>();
    const ends = new Map<number, number>();
    this.#patterns.forEach(({ content }, i) => {
      const unit = content.charCodeAt(0);
      if (!starts.has(unit)) starts.set(unit, i);
      ends.set(unit, i + 1);
      this.#begins[unit] = 1;
    });
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Returns the next position from `from` on at which a pattern could begin, or the length of the text. */
  nextCandidate(text: string, from: number): number {
    const begins = this.#begins;
    let i = from;
    while (i < text.length && begins[text.charCodeAt(i)] === 0) i++;
    return i;
  }

  /** Returns the longest pattern that begins at `position`. */
  longestAt(text: string, position: number): TokenPattern | undefined {
    const unit = text.charCodeAt(position);
    let low = this.#starts.get(unit);
    if (low === undefined) return undefined;
    let high = this.#ends.get(unit)!;
    let longest: TokenPattern | undefined;
    // At most as many rounds as the longest pattern has units, for any text and number of patterns.
    for (let depth = 1; low < high; depth++) {
      const first: TokenPattern = this.#patterns[low]!;
      if (high - low === 1) return text.startsWith(first.content, position) ? first : longest;
      if (first.content.length === depth) {
        longest = first;
        low++;
      }
      if (position + depth >= text.length) return longest;
      const next = text.charCodeAt(position + depth);
      low = this.#firstFrom(low, high, depth, next);
      high = this.#firstFrom(low, high, depth, next + 1);
    }
    return longest;
  }

  /** Returns the first pattern from `low` to `high` whose unit at `depth` is at least `unit`. */
  #firstFrom(low: number, high: number, depth: number, unit: number): number {
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#patterns[middle]!.content.charCodeAt(depth) < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
