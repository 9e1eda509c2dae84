import { type RankedRows, Shortlist } from '../vectors/shortlist.js';
import { inverseFrequency, lengthFactor, termScore } from './bm25.js';
import { GrowingArray } from './growing-array.js';
import { mergedPostings, NO_POSTINGS, type Postings } from './postings.js';
import type { WordBreaker } from './word-breaking.js';

/** Rows that a search reads one by one before they are merged into the postings. */
const MOST_PENDING = 1024;

/** The state of a {@link WordIndex}, for saving. */
export interface SavedWords {
  readonly terms: readonly string[];
  readonly documentFrequencies: Uint32Array;
  readonly lengths: Uint32Array;
  readonly postings: Postings;
}

/**
 * BM25 over rows of texts, in the formula of Milvus: idf = ln(1 + (N − n + 0.5) / (n + 0.5)), k1 = 1.2, b = 0.75.
 *
 * Rows are numbered in the order in which they are added. A removed row keeps its number and its postings until the
 * index is rebuilt; its words no longer count.
 */
export class WordIndex {
  readonly #breaker: WordBreaker;
  readonly #terms = new Map<string, number>();
  readonly #frequencies = new GrowingArray();
  /** Number of words per row; 0 for removed rows. */
  readonly #lengths = new GrowingArray();
  #liveRows = 0;
  #totalLength = 0;
  #postings: Postings = NO_POSTINGS;
  readonly #pendingStarts = new GrowingArray();
  readonly #pendingPairs = new GrowingArray();
  /** Scores of the rows of one search, all 0 between searches. */
  #scores = new Float64Array(0);
  /** Occurrences of each term in the row that is being added; all 0 between rows. */
  readonly #occurrences = new GrowingArray();
  readonly #rowTerms: number[] = [];

  constructor(breaker: WordBreaker) {
    this.#breaker = breaker;
    this.#pendingStarts.push(0);
  }

  get rows(): number {
    return this.#lengths.length;
  }

  /** Adds the next row. */
  add(text: string): void {
    const counts = this.#count(text, true);
    let words = 0;
    for (const term of counts) {
      const occurrences = this.#occurrences.values[term]!;
      this.#occurrences.values[term] = 0;
      words += occurrences;
      this.#frequencies.values[term]!++;
      this.#pendingPairs.push(term);
      this.#pendingPairs.push(occurrences);
    }
    this.#pendingStarts.push(this.#pendingPairs.length);
    this.#lengths.push(words);
    this.#liveRows++;
    this.#totalLength += words;
  }

  /** Removes a row with the text that it was added with. */
  remove(row: number, text: string): void {
    for (const term of this.#count(text, false)) {
      this.#occurrences.values[term] = 0;
      this.#frequencies.values[term]!--;
    }
    this.#totalLength -= this.#lengths.values[row]!;
    this.#lengths.values[row] = 0;
    this.#liveRows--;
  }

  /**
   * Returns the best `k` rows that contain a word of the query. Linear in the occurrences of those words.
   *
   * @param accepts - whether a row counts; removed rows must not
   */
  search(query: string, k: number, accepts: (row: number) => boolean): RankedRows {
    this.#merge();
    const weights = this.#queryWeights(query);
    const list = new Shortlist(k, 0);
    if (weights.size === 0) return list.ranked();
    if (this.#scores.length < this.rows) this.#scores = new Float64Array(this.#lengths.values.length);
    const scores = this.#scores;
    for (const [term, weight] of weights) this.#addScores(term, weight);
    this.#addPendingScores(weights);
    for (let row = 0; row < this.rows; row++) {
      const score = scores[row]!;
      if (score === 0) continue;
      scores[row] = 0;
      if (score >= list.threshold && accepts(row)) list.add(row, score);
    }
    return list.ranked();
  }

  save(): SavedWords {
    this.#merge(0);
    return {
      terms: [...this.#terms.keys()],
      documentFrequencies: this.#frequencies.values.slice(0, this.#terms.size),
      lengths: this.#lengths.values.slice(0, this.rows),
      postings: this.#postings,
    };
  }

  /** Loads the rows of a saved index. */
  static load(breaker: WordBreaker, saved: SavedWords): WordIndex {
    const index = new WordIndex(breaker);
    saved.terms.forEach((term, i) => {
      index.#terms.set(term, i);
    });
    index.#frequencies.reserve(saved.terms.length);
    index.#occurrences.reserve(saved.terms.length);
    index.#frequencies.values.set(saved.documentFrequencies);
    index.#lengths.reserve(saved.lengths.length);
    index.#lengths.values.set(saved.lengths);
    index.#lengths.length = saved.lengths.length;
    index.#liveRows = saved.lengths.length;
    for (const length of saved.lengths) index.#totalLength += length;
    index.#postings = saved.postings;
    return index;
  }

  /** Returns the distinct terms of a text and sets their occurrences; with `create`, new terms get a number. */
  #count(text: string, create: boolean): readonly number[] {
    const found = this.#rowTerms;
    found.length = 0;
    for (const word of this.#breaker(text)) {
      let term = this.#terms.get(word);
      if (term === undefined) {
        if (!create) continue;
        term = this.#terms.size;
        this.#terms.set(word, term);
        this.#frequencies.reserve(term + 1);
        this.#occurrences.reserve(term + 1);
      }
      if (this.#occurrences.values[term]!++ === 0) found.push(term);
    }
    return found;
  }

  /** Weights of the query's terms: inverse document frequency times occurrences in the query. */
  #queryWeights(query: string): ReadonlyMap<number, number> {
    const weights = new Map<number, number>();
    for (const term of this.#count(query, false)) {
      const repeats = this.#occurrences.values[term]!;
      this.#occurrences.values[term] = 0;
      const rows = this.#frequencies.values[term]!;
      if (rows > 0) weights.set(term, repeats * inverseFrequency(this.#liveRows, rows));
    }
    return weights;
  }

  #addScores(term: number, weight: number): void {
    const { starts, bytes, lastRows } = this.#postings;
    if (term >= lastRows.length) return;
    const scores = this.#scores;
    const lengths = this.#lengths.values;
    const perWord = lengthFactor(this.#liveRows, this.#totalLength);
    const end = starts[term + 1]!;
    let row = 0;
    for (let at = starts[term]!; at < end; ) {
      let byte = bytes[at++]!;
      let distance = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = bytes[at++]!;
        distance |= (byte & 127) << shift;
      }
      row += distance;
      byte = bytes[at++]!;
      let count = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = bytes[at++]!;
        count |= (byte & 127) << shift;
      }
      scores[row]! += termScore(weight, count, lengths[row]!, perWord);
    }
  }

  #addPendingScores(weights: ReadonlyMap<number, number>): void {
    const starts = this.#pendingStarts.values;
    const pairs = this.#pendingPairs.values;
    const perWord = lengthFactor(this.#liveRows, this.#totalLength);
    for (let i = 0, row = this.#postings.rows; row < this.rows; i++, row++) {
      for (let at = starts[i]!; at < starts[i + 1]!; at += 2) {
        const weight = weights.get(pairs[at]!);
        if (weight === undefined) continue;
        const count = pairs[at + 1]!;
        this.#scores[row]! += termScore(weight, count, this.#lengths.values[row]!, perWord);
      }
    }
  }

  #merge(most = MOST_PENDING): void {
    const count = this.rows - this.#postings.rows;
    if (count <= most && count <= this.#postings.rows) return;
    const pending = { starts: this.#pendingStarts.values, pairs: this.#pendingPairs.values, count };
    this.#postings = mergedPostings(this.#postings, pending, this.#terms.size);
    this.#pendingStarts.values = new Uint32Array(64);
    this.#pendingStarts.length = 1;
    this.#pendingPairs.values = new Uint32Array(64);
    this.#pendingPairs.length = 0;
  }
}
