import { type RankedRows, Shortlist } from '../vectors/shortlist.js';
import { inverseFrequency, lengthFactor, termScore } from './bm25.js';
import { GrowingArray } from './growing-array.js';
import type { WordBreaker } from './word-breaking.js';

/**
 * Ranks texts by BM25 for one query, like a {@link WordIndex}, but counts only the query's terms. Linear in the texts;
 * keeps only the counts of those that contain a term.
 */
export class QueryWords {
  readonly #breaker: WordBreaker;
  /** Position of each term, in the order of the query. */
  readonly #terms = new Map<string, number>();
  /** Occurrences of each term in the query. */
  readonly #repeats: number[] = [];
  /** Texts that contain each term. */
  readonly #frequencies: number[] = [];
  /** Per matching text: its number, its length in words, the count of each term. */
  readonly #matches = new GrowingArray();
  readonly #counts: Uint32Array;
  #texts = 0;
  #totalLength = 0;

  constructor(query: string, breaker: WordBreaker) {
    this.#breaker = breaker;
    for (const word of breaker(query)) {
      const term = this.#terms.get(word) ?? this.#terms.size;
      this.#terms.set(word, term);
      this.#repeats[term] = (this.#repeats[term] ?? 0) + 1;
      this.#frequencies[term] = 0;
    }
    this.#counts = new Uint32Array(this.#terms.size);
  }

  /** Adds the next text. */
  add(text: string): void {
    const counts = this.#counts.fill(0);
    let length = 0;
    let isMatch = false;
    for (const word of this.#breaker(text)) {
      length++;
      const term = this.#terms.get(word);
      if (term === undefined) continue;
      isMatch = true;
      if (counts[term]!++ === 0) this.#frequencies[term]!++;
    }
    if (isMatch) {
      this.#matches.push(this.#texts);
      this.#matches.push(length);
      for (const count of counts) this.#matches.push(count);
    }
    this.#texts++;
    this.#totalLength += length;
  }

  /** Returns the best `k` texts. */
  ranked(k: number): RankedRows {
    const weights = this.#repeats.map(
      (repeats, term) => repeats * inverseFrequency(this.#texts, this.#frequencies[term]!),
    );
    const perWord = lengthFactor(this.#texts, this.#totalLength);
    const list = new Shortlist(k, 0);
    const { values, length: end } = this.#matches;
    for (let at = 0; at < end; at += 2 + weights.length) {
      let score = 0;
      for (let term = 0; term < weights.length; term++) {
        const count = values[at + 2 + term]!;
        if (count > 0) score += termScore(weights[term]!, count, values[at + 1]!, perWord);
      }
      if (score >= list.threshold) list.add(values[at]!, score);
    }
    return list.ranked();
  }
}
