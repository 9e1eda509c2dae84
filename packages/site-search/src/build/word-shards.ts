import { lengthFactor, termScore } from '@model2vec-ts/search/ranking';
import { ByteWriter } from '../format/byte-writer.js';
import { IMPACT_LEVELS, MOST_IMPACT } from '../format/impact.js';
import { searchWords } from '../format/search-words.js';
import { compare } from '../format/utf8.js';
import { type Passage, substance } from './passages.js';
import { groupedKeys, type ShardFiles } from './shards.js';

const SHARD_BYTES = 4096;
/** Postings of one word, at most: those of the highest impact. A word in more passages says little about each. */
const MOST_POSTINGS = 1000;
/** Words in more passages than this and in more than a quarter of them are left out. */
const COMMON = 64;
/** Occurrences that one in a heading counts for. */
const HEADING_WEIGHT = 3;

interface Term {
  readonly key: string;
  readonly passages: number[];
  readonly counts: number[];
}

/**
 * Writes the postings of BM25 in shards of words, and returns the start of each. A posting holds the word's share of the
 * score before its weight in the query, so that a client needs neither lengths nor texts.
 */
export function writeWordShards(passages: readonly Passage[], files: ShardFiles): string[] {
  const terms = new Map<string, Term>();
  const lengths = new Float64Array(passages.length);
  let totalLength = 0;
  passages.forEach(({ title, headings, text }, passage) => {
    const counts = new Map<string, number>();
    const count = (words: Iterable<string>, weight: number) => {
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
    };
    count(searchWords(text), 1);
    count(searchWords(headings.at(-1) ?? title), HEADING_WEIGHT);
    count(searchWords([title, ...headings.slice(0, -1)].join(' ')), 1);
    for (const [key, value] of counts) {
      let term = terms.get(key);
      if (term === undefined) {
        term = { key, passages: [], counts: [] };
        terms.set(key, term);
      }
      term.passages.push(passage);
      term.counts.push(value);
      lengths[passage]! += value;
    }
    totalLength += lengths[passage]!;
  });
  const substances = passages.map(substance);
  const perWord = lengthFactor(passages.length, totalLength);
  const sorted = [...terms.values()]
    .filter((term) => term.passages.length <= Math.max(COMMON, passages.length / 4))
    .sort((a, b) => compare(a.key, b.key));
  const starts: string[] = [];
  const sizeOf = (term: Term) => term.key.length + 2 * Math.min(MOST_POSTINGS, term.passages.length);
  for (const { start, items } of groupedKeys(sorted, sizeOf, SHARD_BYTES)) {
    const writer = new ByteWriter();
    items.forEach((term, i) => {
      writer.key(term.key, items[i - 1]?.key ?? '');
      const impact = (passage: number, i: number) =>
        substances[passage]! * termScore(1, term.counts[i]!, lengths[passage]!, perWord);
      writePostings(
        term.passages.map((passage, i) => ({ passage, impact: impact(passage, i) })),
        writer,
      );
    });
    files.add('words', starts.length, writer.take());
    starts.push(start);
  }
  return starts;
}

interface Posting {
  readonly passage: number;
  readonly impact: number;
}

function writePostings(postings: readonly Posting[], writer: ByteWriter): void {
  const kept =
    postings.length <= MOST_POSTINGS
      ? postings
      : postings
          .toSorted((a, b) => b.impact - a.impact)
          .slice(0, MOST_POSTINGS)
          .sort((a, b) => a.passage - b.passage);
  writer.varint(postings.length);
  writer.varint(kept.length);
  kept.forEach(({ passage }, i) => {
    writer.varint(passage - (kept[i - 1]?.passage ?? 0));
  });
  writer.bytes(
    kept.map(({ impact }) => Math.min(IMPACT_LEVELS, Math.round((impact / MOST_IMPACT) * IMPACT_LEVELS))),
  );
}
