import { connectMilvus, type Key, type SearchResult, TextCollection } from '@model2vec-ts/milvus-adapter';
import { UsageError } from './cli-error.js';
import { createEmbedder } from './embedder.js';
import { drawnHits } from './hit-table.js';
import { milvusFailure } from './milvus-failure.js';
import { connectionOptions, requireThere } from './milvus-flags.js';
import type { SearchFlags } from './search-command.js';
import { StreamSink } from './stream-sink.js';

/** `m2v search`. */
export async function search(question: string, flags: SearchFlags): Promise<void> {
  if (question.trim() === '') throw new UsageError('the question is empty; say what to look for');
  const target = connectionOptions(flags.in, 'in', flags);
  let result: SearchResult;
  try {
    requireThere(target);
    const embedder = await createEmbedder(flags);
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
      await embedder.close();
    }
  } catch (error) {
    throw milvusFailure(error);
  }
  const printed = flags.json
    ? jsonOf(question, flags.collection, result)
    : drawnHits(question, flags.collection, result);
  await new StreamSink(process.stdout).write(Buffer.from(printed));
}

function jsonOf(question: string, collection: string, { mode, hits }: SearchResult): string {
  const rows = hits.map(({ id, score, text, fields }, i) => ({
    rank: i + 1,
    id: jsonKey(id),
    score,
    text,
    fields,
  }));
  return `${JSON.stringify({ question, collection, mode, hits: rows }, (_, value: unknown) =>
    typeof value === 'bigint' ? jsonKey(value) : value,
  )}\n`;
}

/** A whole number that JSON's readers would round is a string. */
function jsonKey(id: Key): string | number {
  if (typeof id !== 'bigint') return id;
  return id >= Number.MIN_SAFE_INTEGER && id <= Number.MAX_SAFE_INTEGER ? Number(id) : String(id);
}
