import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { createEmbedder } from '../../flags/embedder.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import { type PassageFlags, passageOptions } from '../../flags/passage-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { reasonOf } from '../../passages/folder-walk.js';
import type { PassageCache } from '../../passages/passage-cache.js';
import type { PassageIndex } from '../../passages/passage-index.js';
import { type PassageSearchResult, searchPassages } from '../../passages/passage-search.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { noticesFor } from '../../terminal/notice.js';
import { oneLine } from '../../terminal/terminal.js';
import type { FoundPassages } from './passage-listing.js';

/** The flags of `m2v find`. */
export interface FindFlags extends EncodeFlags, PassageFlags {
  readonly limit: number;
  readonly mode: 'hybrid' | 'dense' | 'fullText';
  readonly cache?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Skipped paths that are named; the others are only counted. */
const MOST_NAMED = 5;

/** `m2v find`. */
export async function find(question: string, paths: readonly string[], flags: FindFlags): Promise<void> {
  if (question.trim() === '') throw new UsageError('the question is empty; say what to look for');
  const named = paths.length === 0 ? ['.'] : paths;
  const embedder = await createEmbedder(flags);
  try {
    const { mode, hits, files, passages, skipped } = await (flags.cache === true
      ? searchCached(named, question, embedder, flags)
      : searchPassages(named, question, { embedder, ...passageOptions(flags), ...searchOptions(flags) }));
    if (flags.quiet !== true) {
      for (const { path, reason } of skipped.slice(0, MOST_NAMED)) {
        process.stderr.write(`m2v: skipped ${oneLine(path)}: ${oneLine(reason)}\n`);
      }
      if (skipped.length > MOST_NAMED) {
        process.stderr.write(`m2v: skipped ${skipped.length - MOST_NAMED} more\n`);
      }
    }
    if (passages === 0) {
      throw new FailureError(
        `nothing to search in ${named.map(oneLine).join(', ')}: no file there has a text`,
      );
    }
    const found = { question, mode, files, passages, hits };
    // The listing needs tables of character widths, which take 30 ms to load.
    const text =
      flags.json === true ? jsonOf(found) : (await import('./passage-listing.js')).drawnPassages(found);
    await new StreamSink(process.stdout).write(Buffer.from(text));
  } finally {
    await embedder.close();
  }
}

function searchOptions({ limit, mode }: FindFlags): Pick<FindFlags, 'limit' | 'mode'> {
  return { limit, mode };
}

/** Searches an index that is kept between calls. */
async function searchCached(
  named: readonly string[],
  question: string,
  embedder: Model2VecEmbeddingFunction,
  flags: FindFlags,
): Promise<PassageSearchResult> {
  const { PassageCache } = await import('../../passages/passage-cache.js');
  const cache = new PassageCache(named, embedder, passageOptions(flags));
  const index = await cache.read();
  const { added, changed, removed, skipped } = await index.sync(named);
  if (added + changed + removed > 0) await keep(cache, index, flags);
  const { mode, hits } = await index.search(question, searchOptions(flags));
  return { mode, hits, files: index.files, passages: index.index.size, skipped };
}

/** Writes the cache. A full disk costs the next call time, and this one nothing. */
async function keep(cache: PassageCache, passages: PassageIndex, flags: FindFlags): Promise<void> {
  try {
    await cache.write(passages);
  } catch (error) {
    noticesFor(flags)(`the vectors could not be kept: ${reasonOf(error)}`);
  }
}

function jsonOf({ hits, ...facts }: FoundPassages): string {
  const rows = hits.map(({ score, text, fields: { path, line, endLine, headings } }, i) => ({
    rank: i + 1,
    path,
    line,
    endLine,
    score,
    ...(headings !== undefined && { headings }),
    text,
  }));
  return `${JSON.stringify({ ...facts, hits: rows })}\n`;
}
