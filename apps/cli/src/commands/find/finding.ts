import { createEmbedder } from '../../flags/embedder.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import { type PassageFlags, passageOptions } from '../../flags/passage-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { reasonOf } from '../../passages/folder-walk.js';
import { PassageCache } from '../../passages/passage-cache.js';
import { PassageIndex } from '../../passages/passage-index.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { noticesFor } from '../../terminal/notice.js';
import { oneLine } from '../../terminal/terminal.js';
import { drawnPassages } from './passage-listing.js';

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
    const options = passageOptions(flags);
    const cache = flags.cache === true ? new PassageCache(named, embedder, options) : undefined;
    const passages = (await cache?.read()) ?? (await PassageIndex.create(embedder, options));
    const { added, changed, removed, skipped } = await passages.sync(named);
    if (cache !== undefined && added + changed + removed > 0) await keep(cache, passages, flags);
    if (flags.quiet !== true) {
      for (const { path, reason } of skipped.slice(0, MOST_NAMED)) {
        process.stderr.write(`m2v: skipped ${oneLine(path)}: ${oneLine(reason)}\n`);
      }
      if (skipped.length > MOST_NAMED) {
        process.stderr.write(`m2v: skipped ${skipped.length - MOST_NAMED} more\n`);
      }
    }
    const count = passages.index.size;
    if (count === 0) {
      throw new FailureError(
        `nothing to search in ${named.map(oneLine).join(', ')}: no file there has a text`,
      );
    }
    const { mode, hits } = await passages.search(question, { limit: flags.limit, mode: flags.mode });
    const found = { question, mode, files: passages.files, passages: count, hits };
    const text = flags.json === true ? jsonOf(found) : drawnPassages(found);
    await new StreamSink(process.stdout).write(Buffer.from(text));
  } finally {
    await embedder.close();
  }
}

/** Writes the cache. A full disk costs the next call time, and this one nothing. */
async function keep(cache: PassageCache, passages: PassageIndex, flags: FindFlags): Promise<void> {
  try {
    await cache.write(passages);
  } catch (error) {
    noticesFor(flags)(`the vectors could not be kept: ${reasonOf(error)}`);
  }
}

function jsonOf({ hits, ...facts }: Parameters<typeof drawnPassages>[0]): string {
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
