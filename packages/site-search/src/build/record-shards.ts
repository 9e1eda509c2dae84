import { RECORDS_PER_SHARD, type RecordShard } from '../format/manifest.js';
import { utf8 } from '../format/utf8.js';
import type { Passage } from './passages.js';
import type { ShardFiles } from './shards.js';

/** UTF-16 units of an excerpt, at most. */
const EXCERPT = 200;

/** Writes the address, headings and excerpt of each passage, which hits show. */
export function writeRecordShards(passages: readonly Passage[], files: ShardFiles): void {
  for (let from = 0; from < passages.length; from += RECORDS_PER_SHARD) {
    const pages: [string, string][] = [];
    const rows = passages
      .slice(from, from + RECORDS_PER_SHARD)
      .map(({ url, anchor, title, headings, text }) => {
        if (pages.at(-1)?.[0] !== url) pages.push([url, title]);
        return [pages.length - 1, anchor, [...headings], excerptOf(text)] as const;
      });
    const shard: RecordShard = { pages, passages: rows };
    files.add('records', from / RECORDS_PER_SHARD, utf8(JSON.stringify(shard)));
  }
}

function excerptOf(text: string): string {
  if (text.length <= EXCERPT) return text;
  const cut = text.slice(0, EXCERPT);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), EXCERPT / 2))}…`;
}
