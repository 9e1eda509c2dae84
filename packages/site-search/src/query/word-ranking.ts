import { inverseFrequency, type RankedRows } from '@model2vec-ts/search/ranking';
import { ByteReader } from '../format/byte-reader.js';
import { IMPACT_LEVELS, MOST_IMPACT } from '../format/impact.js';
import type { Manifest } from '../format/manifest.js';
import { searchWords } from '../format/search-words.js';
import { shardOf } from '../format/shard-starts.js';
import { bestRows } from './best-rows.js';
import type { ShardStore } from './shard-store.js';

/** Distinct words of a query that are looked up, at most. */
const MOST_WORDS = 32;
/** Letters of an unfinished word that is completed, at least. */
const UNFINISHED = 3;
/** Words that an unfinished one is completed to, at most. */
const COMPLETIONS = 8;
/** Share of the score that a completed word counts for. */
const COMPLETED = 0.5;

interface Postings {
  /** Passages that contain the word, in the whole index. */
  readonly frequency: number;
  readonly passages: readonly number[];
  readonly impacts: Uint8Array;
}

/** Ranks passages by BM25; loads only the postings near a query's words. */
export class WordRanking {
  readonly #store: ShardStore;
  readonly #manifest: Manifest;

  constructor(store: ShardStore, manifest: Manifest) {
    this.#store = store;
    this.#manifest = manifest;
  }

  /** Returns the best `k` passages. If `isUnfinished`, words that begin with the query's last word count too. */
  async ranked(query: string, isUnfinished: boolean, k: number): Promise<RankedRows> {
    const { folder, words: starts, passages } = this.#manifest;
    const words = [...new Set(searchWords(query))].slice(0, MOST_WORDS);
    const last = isUnfinished ? words.at(-1) : undefined;
    const scores = new Map<number, number>();
    const add = ({ frequency, passages: found, impacts }: Postings, share: number) => {
      const weight = (share * inverseFrequency(passages, frequency) * MOST_IMPACT) / IMPACT_LEVELS;
      found.forEach((row, i) => {
        scores.set(row, (scores.get(row) ?? 0) + weight * impacts[i]!);
      });
    };
    const shards = await Promise.all(
      words.map((word) => this.#store.shard(`${folder}/words${shardOf(starts, word)}.bin`, parseWords)),
    );
    words.forEach((word, i) => {
      const exact = shards[i]!.get(word);
      if (exact !== undefined) add(exact, 1);
      if (word !== last || word.length < UNFINISHED) return;
      const completed = [...shards[i]!].filter(([key]) => key !== word && key.startsWith(word));
      completed.sort(([, a], [, b]) => b.frequency - a.frequency);
      for (const [, postings] of completed.slice(0, COMPLETIONS)) add(postings, COMPLETED);
    });
    return bestRows(
      Array.from(scores, ([row, score]) => ({ row, score })),
      k,
    );
  }
}

function parseWords(bytes: Uint8Array): ReadonlyMap<string, Postings> {
  const reader = new ByteReader(bytes);
  const words = new Map<string, Postings>();
  while (!reader.isAtEnd) {
    const key = reader.key();
    const frequency = reader.varint();
    let passage = 0;
    const passages = Array.from({ length: reader.varint() }, () => {
      passage += reader.varint();
      return passage;
    });
    words.set(key, { frequency, passages, impacts: reader.bytes(passages.length) });
  }
  return words;
}
