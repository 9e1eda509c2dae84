import { fusedRanks, fusionReach, type RankedRows } from '@model2vec-ts/search/ranking';
import {
  type Manifest,
  type PassageRecord,
  RECORDS_PER_SHARD,
  type RecordShard,
} from '../format/manifest.js';
import { textOf } from '../format/utf8.js';
import { SiteSearchError } from '../site-search-error.js';
import { QueryEmbedder } from './query-vector.js';
import { type FetchOptions, ShardStore } from './shard-store.js';
import { VectorRanking } from './vector-ranking.js';
import { WordRanking } from './word-ranking.js';

/** By meaning, by full text, or both. */
export type SiteSearchMode = 'dense' | 'fullText' | 'hybrid';

/** Options of {@link openSiteSearch}. */
export interface OpenOptions extends FetchOptions {
  /**
   * Root of the site, which addresses of hits are resolved against.
   *
   * @defaultValue the folder that holds the index's folder
   */
  readonly site?: string | URL;
}

/** Options of {@link SiteSearch.search}. */
export interface SiteSearchOptions {
  /**
   * Number of hits, at most.
   *
   * @defaultValue 8
   */
  readonly limit?: number;
  /**
   * How passages are ranked.
   *
   * @defaultValue `'hybrid'`
   */
  readonly mode?: SiteSearchMode;
  /**
   * Whether the last word may be unfinished, as in a search box while its user types.
   *
   * @defaultValue `false`
   */
  readonly unfinished?: boolean;
}

/** A section of a page that answers a query. */
export interface SiteHit {
  /** Address of the section. */
  readonly url: string;
  /** Title of the page. */
  readonly title: string;
  /** Headings above the section, the outermost first, without the page's title. */
  readonly headings: readonly string[];
  /** Beginning of the passage that was found in the section. */
  readonly excerpt: string;
  /** Cosine, BM25, or the sum of reciprocal ranks; comparable only inside one result. */
  readonly score: number;
}

/** Search in one index. */
export interface SiteSearch {
  /** Returns the best sections for a query, best first. Loads what the query needs and is not loaded yet. */
  search(query: string, options?: SiteSearchOptions): Promise<readonly SiteHit[]>;
}

/**
 * Constant of rank fusion. Below the usual 60, because a passage may be in one ranking alone: the vectors' covers a part of
 * the site, and the words' lacks what a question says in other words.
 */
const RANK_CONSTANT = 10;

/** Passages taken per requested hit, because several can be of one section. */
const PASSAGES_PER_HIT = 2;

/**
 * Opens an index that `buildSiteIndex` wrote; loads only its manifest.
 *
 * @param index - address of the index's folder
 *
 * @throws `SiteSearchError` `missing-index`, `unreachable` or `malformed`
 *
 * @example
 * ```ts
 * import { openSiteSearch } from '@model2vec-ts/site-search/browser';
 *
 * const site = await openSiteSearch(new URL('/site-search/', location.href));
 * for (const { url, title, excerpt } of await site.search('how do I begin?')) console.log(url, title, excerpt);
 * ```
 */
export async function openSiteSearch(index: string | URL, options: OpenOptions = {}): Promise<SiteSearch> {
  const root = new URL(String(index).replace(/\/*$/, '/'), globalThis.location?.href);
  const store = new ShardStore(root, options);
  return new OpenSiteSearch(store, await store.manifest(), new URL(options.site ?? '../', root));
}

class OpenSiteSearch implements SiteSearch {
  readonly #store: ShardStore;
  readonly #manifest: Manifest;
  readonly #site: URL;
  readonly #embedder: QueryEmbedder;
  readonly #vectors: VectorRanking;
  readonly #words: WordRanking;

  constructor(store: ShardStore, manifest: Manifest, site: URL) {
    this.#store = store;
    this.#manifest = manifest;
    this.#site = site;
    this.#embedder = new QueryEmbedder(store, manifest);
    this.#vectors = new VectorRanking(store, manifest);
    this.#words = new WordRanking(store, manifest);
  }

  async search(query: string, options: SiteSearchOptions = {}): Promise<readonly SiteHit[]> {
    const { limit = 8, mode = 'hybrid', unfinished = false } = options;
    if (!(Number.isSafeInteger(limit) && limit > 0)) {
      throw new SiteSearchError('invalid-argument', `limit must be a whole number above 0; found ${limit}`);
    }
    if (mode !== 'dense' && mode !== 'fullText' && mode !== 'hybrid') {
      throw new SiteSearchError('invalid-argument', `mode must be dense, fullText or hybrid; found ${mode}`);
    }
    const reach = fusionReach(limit * PASSAGES_PER_HIT);
    const rankings = await Promise.all([
      ...(mode === 'fullText' ? [] : [this.#byMeaning(query, reach)]),
      ...(mode === 'dense' ? [] : [this.#words.ranked(query, unfinished, reach)]),
    ]);
    return await this.#hits(mode === 'hybrid' ? fusedRanks(rankings, RANK_CONSTANT) : rankings[0]!, limit);
  }

  async #byMeaning(query: string, k: number): Promise<RankedRows> {
    const vector = await this.#embedder.embed(query);
    return vector === undefined ? { rows: [], scores: [] } : await this.#vectors.ranked(vector, k);
  }

  /** Loads the records of the best passages, and keeps the best passage of each section. */
  async #hits({ rows, scores }: RankedRows, limit: number): Promise<SiteHit[]> {
    const hits = new Map<string, SiteHit>();
    for (let from = 0; from < rows.length && hits.size < limit; ) {
      const to = Math.min(rows.length, from + limit - hits.size);
      const records = await Promise.all(Array.from(rows.slice(from, to), (row) => this.#record(row)));
      records.forEach(({ url, anchor, title, headings, excerpt }, i) => {
        const address = new URL(anchor === '' ? url : `${url}#${encodeURIComponent(anchor)}`, this.#site)
          .href;
        if (!hits.has(address)) {
          hits.set(address, { url: address, title, headings, excerpt, score: scores[from + i]! });
        }
      });
      from = to;
    }
    return [...hits.values()];
  }

  async #record(row: number): Promise<PassageRecord> {
    const path = `${this.#manifest.folder}/records${Math.floor(row / RECORDS_PER_SHARD)}.bin`;
    const { pages, passages } = await this.#store.shard(
      path,
      (bytes): RecordShard => JSON.parse(textOf(bytes)),
    );
    const [page, anchor, headings, excerpt] = passages[row % RECORDS_PER_SHARD]!;
    const [url, title] = pages[page]!;
    return { url, anchor, title, headings, excerpt };
  }
}
