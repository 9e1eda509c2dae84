import { connectMilvus, type Key, type SearchResult, TextCollection } from '@model2vec-ts/milvus-adapter';
import { createEmbedder } from '../../flags/embedder.js';
import { requireThere } from '../../flags/lite-folder.js';
import { type ConnectionFlags, connectionOptions } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { UsageError } from '../../terminal/cli-error.js';
import { oneLine } from '../../terminal/terminal.js';
import { drawnHits } from './hit-table.js';
import { shownFields } from './shown-fields.js';

/** The flags of `m2v search`. */
export interface SearchFlags extends EncodeFlags, ConnectionFlags {
  readonly collection: string;
  readonly limit: number;
  readonly filter?: string;
  readonly mode?: 'hybrid' | 'dense' | 'fullText';
  readonly fields?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `m2v search`. */
export async function search(question: string, flags: SearchFlags): Promise<void> {
  if (question.trim() === '') throw new UsageError('the question is empty');
  const target = connectionOptions(flags, () => reportStart(flags));
  requireThere(target);
  const embedder = await createEmbedder(flags);
  let result: SearchResult;
  try {
    const milvus = await connectMilvus(target);
    try {
      const collection = await TextCollection.open(milvus, {
        name: flags.collection,
        embedder,
        ...(flags.force === true && { force: true }),
      });
      result = await collection.search(question, {
        limit: flags.limit,
        ...(flags.filter !== undefined && { filter: flags.filter }),
        ...(flags.mode !== undefined && { mode: flags.mode }),
        ...(flags.fields !== undefined && { fields: flags.fields }),
      });
    } finally {
      await milvus.close();
    }
  } finally {
    await embedder.close();
  }
  const printed = flags.json
    ? jsonOf(question, flags, result)
    : drawnHits(question, flags.collection, result);
  await new StreamSink(process.stdout).write(Buffer.from(printed));
}

/** Says why this search takes seconds, and how the next ones take none. */
function reportStart({ milvus, keepAlive, quiet }: SearchFlags): void {
  if (quiet === true) return;
  const folder = oneLine(milvus!);
  const next =
    keepAlive === undefined || keepAlive === 0
      ? `run m2v milvus start ${folder} to keep it running, or pass --keep-alive 600`
      : `it stays for ${keepAlive} s after the search`;
  process.stderr.write(`m2v: starting Milvus Lite on ${folder} for this search; ${next}\n`);
}

function jsonOf(
  question: string,
  { collection, fields: wanted }: SearchFlags,
  { mode, hits }: SearchResult,
): string {
  const rows = hits.map(({ id, score, text, fields }, i) => ({
    rank: i + 1,
    id: jsonKey(id),
    score,
    text,
    fields: wanted === undefined ? shownFields(fields) : fields,
  }));
  return `${JSON.stringify({ question, collection, mode, hits: rows }, (_, value: unknown) =>
    typeof value === 'bigint' ? jsonKey(value) : value,
  )}\n`;
}

/** Returns a string for a whole number that readers of JSON would round. */
function jsonKey(id: Key): string | number {
  if (typeof id !== 'bigint') return id;
  return id >= Number.MIN_SAFE_INTEGER && id <= Number.MAX_SAFE_INTEGER ? Number(id) : String(id);
}
