import { malformed, type TokenVocabulary } from './token-vocabulary.js';

/** A merge of a BPE model: two tokens that become one. */
export type Merge = readonly [left: string, right: string];

/** Returns the merges of a BPE model in order, from either form of the format. */
export function mergesOf(vocabulary: TokenVocabulary): readonly Merge[] {
  const { merges } = vocabulary.model;
  if (!Array.isArray(merges)) throw malformed('the model\'s "merges" must be an array');
  return merges.map((merge: unknown): Merge => {
    const parts: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
    if (Array.isArray(parts) && parts.length === 2) return [String(parts[0]), String(parts[1])];
    throw malformed(`the merge ${JSON.stringify(merge)} must have two parts`);
  });
}

/** Returns the token that a merge makes; the prefix of tokens inside a word is dropped from its right part. */
export function mergedToken([left, right]: Merge, { model }: TokenVocabulary): string {
  const { continuing_subword_prefix: prefix } = model;
  return left + (typeof prefix === 'string' ? right.slice(prefix.length) : right);
}

/**
 * Finds the tokens that BPE passes through on its way to a token. With them, a pruned model makes the same merges in
 * the same order for every text whose tokens it has, because it has no other merges.
 */
export class MergeClosure {
  readonly #vocabulary: TokenVocabulary;
  readonly #ranks: Map<string, Map<string, number>> = new Map();
  readonly #merges: readonly Merge[];
  #sources: Map<string, Merge[]> | undefined;

  constructor(vocabulary: TokenVocabulary) {
    this.#vocabulary = vocabulary;
    this.#merges = mergesOf(vocabulary);
    this.#merges.forEach(([left, right], rank) => {
      const ofLeft = this.#ranks.get(left) ?? new Map<string, number>();
      this.#ranks.set(left, ofLeft.set(right, rank));
    });
  }

  /** Tokens that merging passes through to reach `token`, including `token` itself if it is reachable. */
  waysTo(token: string): ReadonlySet<string> {
    for (const symbols of this.#beginnings(token)) {
      const passed = this.#merge(symbols);
      if (passed.has(token)) return passed;
    }
    return this.#allWaysTo(token);
  }

  /** Symbols that a token can start as: inside a word or not, at its end or not. */
  *#beginnings(token: string): Generator<string[]> {
    const { continuing_subword_prefix, end_of_word_suffix } = this.#vocabulary.model;
    const prefix = typeof continuing_subword_prefix === 'string' ? continuing_subword_prefix : '';
    const suffix = typeof end_of_word_suffix === 'string' ? end_of_word_suffix : '';
    for (const head of token.startsWith(prefix) ? new Set([prefix, '']) : ['']) {
      for (const tail of token.endsWith(suffix) ? new Set([suffix, '']) : ['']) {
        const characters = Array.from(token.slice(head.length, token.length - tail.length));
        yield characters.map(
          (character, i) => (i > 0 ? prefix : head) + character + (i === characters.length - 1 ? tail : ''),
        );
      }
    }
  }

  #merge(symbols: string[]): Set<string> {
    const passed = new Set(symbols);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let at = -1;
      for (let i = 0; i + 1 < symbols.length; i++) {
        const rank = this.#ranks.get(symbols[i]!)?.get(symbols[i + 1]!);
        if (rank !== undefined && rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) return passed;
      const made = mergedToken([symbols[at]!, symbols[at + 1]!], this.#vocabulary);
      symbols.splice(at, 2, made);
      passed.add(made);
    }
  }

  /** All ways to a token that its own characters do not lead to, such as one made of bytes. */
  #allWaysTo(token: string): ReadonlySet<string> {
    if (this.#sources === undefined) {
      this.#sources = new Map();
      for (const merge of this.#merges) {
        const made = mergedToken(merge, this.#vocabulary);
        const sources = this.#sources.get(made);
        if (sources) sources.push(merge);
        else this.#sources.set(made, [merge]);
      }
    }
    const found = new Set([token]);
    for (const each of found) {
      for (const merge of this.#sources.get(each) ?? []) for (const part of merge) found.add(part);
    }
    return found;
  }
}
