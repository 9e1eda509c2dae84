/** Two tokens that BPE joins. */
export type Merge = readonly [string, string];

/** The merges of BPE in their order. */
export class MergeList {
  readonly pairs: Merge[];
  readonly #ranks: Map<string, number>;

  private constructor(pairs: Merge[]) {
    this.pairs = pairs;
    this.#ranks = new Map(pairs.map((pair, rank) => [keyOf(pair), rank]));
  }

  /** Parses the merges of a file: pairs, or in older files texts with a space in between. */
  static read(merges: unknown): MergeList {
    if (!Array.isArray(merges)) return new MergeList([]);
    return new MergeList(
      merges.map((merge): Merge => {
        if (Array.isArray(merge)) return [String(merge[0]), String(merge[1])];
        const text = String(merge);
        const space = text.indexOf(' ');
        return [text.slice(0, space), text.slice(space + 1)];
      }),
    );
  }

  /** The merges that need none of the tokens. */
  without(tokens: ReadonlySet<string>): MergeList {
    return new MergeList(
      this.pairs.filter(
        ([left, right]) => !tokens.has(left) && !tokens.has(right) && !tokens.has(left + right),
      ),
    );
  }

  /**
   * Appends the merges that lead to a word, like the reference: the existing merges are applied, then each second pair
   * of the rest becomes a merge, until one token is left.
   *
   * @returns the parts of the new merges
   */
  addFor(word: string): string[] {
    const parts = new Set<string>();
    for (let rest = this.#merge(word); rest.length > 1; rest = this.#merge(word)) {
      for (let i = 0; i + 1 < rest.length; i += 2) {
        const pair: Merge = [rest[i]!, rest[i + 1]!];
        if (this.#ranks.has(keyOf(pair))) continue;
        this.#ranks.set(keyOf(pair), this.pairs.length);
        this.pairs.push(pair);
        parts.add(pair[0]).add(pair[1]);
      }
    }
    return [...parts];
  }

  #merge(word: string): string[] {
    let parts = Array.from(word);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let pair: Merge = ['', ''];
      for (let i = 0; i + 1 < parts.length; i++) {
        const candidate: Merge = [parts[i]!, parts[i + 1]!];
        const rank = this.#ranks.get(keyOf(candidate)) ?? Number.POSITIVE_INFINITY;
        if (rank >= best) continue;
        best = rank;
        pair = candidate;
      }
      if (best === Number.POSITIVE_INFINITY) return parts;
      parts = joined(parts, pair);
    }
  }
}

function joined(parts: readonly string[], [left, right]: Merge): string[] {
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === left && parts[i + 1] === right) {
      result.push(left + right);
      i++;
    } else {
      result.push(parts[i]!);
    }
  }
  return result;
}

function keyOf([left, right]: Merge): string {
  return `${left}\0${right}`;
}
