import { invalidArgument, SearchError } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import type { SearchMode } from '../store/text-row.js';
import { exactScore, lengthOf } from '../vectors/exact-score.js';
import { type RankedRows, Shortlist } from '../vectors/shortlist.js';
import { QueryWords } from '../words/query-words.js';
import { hasWords, type WordBreaker, wordsOf } from '../words/word-breaking.js';
import { embedded, queryVectors } from './query-vectors.js';
import { fusedRanks, fusionReach } from './rank-fusion.js';
import { requireMode, requireWhole } from './search-arguments.js';

/** Texts embedded at a time: their vectors stay in the second-level cache until they are compared. */
const BATCH = 512;

/** Options of {@link searchTexts}. */
export interface TextSearchOptions {
  /** Turns texts and the query into vectors. */
  readonly embedder: EmbeddingFunction;
  /**
   * Largest number of hits.
   *
   * @defaultValue 10
   */
  readonly limit?: number;
  /**
   * How texts are ranked.
   *
   * @defaultValue 'hybrid', and 'dense' if the query has no words
   */
  readonly mode?: SearchMode;
  /**
   * Breaks texts into words for full-text search.
   *
   * @defaultValue `wordsOf`
   */
  readonly words?: WordBreaker;
  readonly signal?: AbortSignal;
}

/** A text that {@link searchTexts} found. */
export interface FoundText {
  /** Its position in the input. */
  readonly index: number;
  /** As in a hit of `TextIndex`. */
  readonly score: number;
}

/** Result of {@link searchTexts}. */
export interface TextSearchResult {
  /** The mode that was used. */
  readonly mode: SearchMode;
  /** Number of texts that were read. */
  readonly texts: number;
  /** Best first. */
  readonly hits: readonly FoundText[];
}

/**
 * Searches texts for one query while they are read, without an index. Hits and scores are those of a `TextIndex` with
 * float32 vectors; build one for a second query.
 *
 * Linear in the texts. Keeps no vectors, and of the words only the counts of the query's own.
 *
 * @throws {@link SearchError} `invalid-argument`, `embedder`, `aborted`; errors of the input pass through
 *
 * @example
 * ```ts
 * import { type EmbeddingFunction, searchTexts } from '@model2vec-ts/search';
 *
 * async function best(lines: readonly string[], embedder: EmbeddingFunction): Promise<string | undefined> {
 *   const { hits } = await searchTexts(lines, 'Where was Turing born?', { embedder, limit: 1 });
 *   return hits[0] && lines[hits[0].index];
 * }
 * ```
 */
export async function searchTexts(
  texts: Iterable<string> | AsyncIterable<string>,
  query: string,
  options: TextSearchOptions,
): Promise<TextSearchResult> {
  const { embedder, limit = 10, words = wordsOf, signal } = options;
  const mode = options.mode ?? (hasWords(query) ? 'hybrid' : 'dense');
  requireMode(mode);
  requireWhole('option limit', limit, 1);
  const reach = mode === 'hybrid' ? fusionReach(limit) : limit;
  const byMeaning =
    mode === 'fullText' ? undefined : new Nearest((await queryVectors(embedder, [query], signal))[0]!, reach);
  const byWords = mode === 'dense' ? undefined : new QueryWords(query, words);
  let count = 0;
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (signal?.aborted) {
      throw new SearchError('aborted', `searching texts was aborted by its signal after ${count} texts`, {
        cause: signal.reason,
      });
    }
    const full = batch;
    batch = [];
    count += full.length;
    if (byWords !== undefined) for (const text of full) byWords.add(text);
    if (byMeaning === undefined || full.length === 0) return;
    for (const vector of await embedded(embedder, 'encodeDocuments', full, signal)) byMeaning.add(vector);
  };
  const isFull = (text: string): boolean => {
    if (typeof text !== 'string') throw invalidArgument(`text ${count + batch.length}`, 'a string', text);
    return batch.push(text) === BATCH;
  };
  // An array needs no turn of the event loop per text.
  if (Symbol.iterator in texts) {
    for (const text of texts) if (isFull(text)) await flush();
  } else {
    for await (const text of texts) if (isFull(text)) await flush();
  }
  await flush();
  const rankings = [byMeaning?.ranked(), byWords?.ranked(reach)].filter((ranked) => ranked !== undefined);
  const { rows, scores } = mode === 'hybrid' ? fusedRanks(rankings) : rankings[0]!;
  const hits = rows.slice(0, limit).map((index, i) => ({ index, score: scores[i]! }));
  return { mode, texts: count, hits };
}

/** The vectors nearest to one query by cosine. */
class Nearest {
  readonly #query: Float32Array;
  readonly #length: number;
  readonly #list: Shortlist;
  #rows = 0;

  constructor(query: Float32Array, k: number) {
    this.#query = query;
    this.#length = lengthOf(query);
    this.#list = new Shortlist(k, 0);
  }

  add(vector: Float32Array): void {
    const score = exactScore(this.#query, vector, this.#length);
    if (score >= this.#list.threshold) this.#list.add(this.#rows, score);
    this.#rows++;
  }

  ranked(): RankedRows {
    return this.#list.ranked();
  }
}
