import {
  type CollectionSummary,
  connectMilvus,
  describeTextCollection,
  type MilvusConnection,
} from '@model2vec-ts/milvus-adapter';
import { requireThere } from '../../flags/lite-folder.js';
import { type ConnectionFlags, connectionOptions } from '../../flags/milvus-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { ask, canAsk } from '../../terminal/question.js';
import { drawTable } from '../../terminal/table.js';
import { colorsFor, counted, grouped, oneLine } from '../../terminal/terminal.js';

/** The flags of `m2v collections`. */
export interface CollectionsFlags extends ConnectionFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v collections drop`. */
export interface DropFlags extends CollectionsFlags {
  readonly yes?: boolean;
}

/** Characters of a shortened fingerprint. */
const FINGERPRINT = 12;

/** `m2v collections`. */
export async function listCollections(flags: CollectionsFlags): Promise<void> {
  const summaries = await withMilvus(flags, async (milvus) => {
    const found: CollectionSummary[] = [];
    for (const name of await milvus.listCollections()) {
      found.push(await describeTextCollection(milvus, name));
    }
    return found;
  });
  const printed = flags.json
    ? `${JSON.stringify(summaries.map(({ id: _id, ...facts }) => facts))}\n`
    : drawn(summaries);
  await new StreamSink(process.stdout).write(Buffer.from(printed));
}

/** `m2v collections drop`. */
export async function dropCollection(name: string, flags: DropFlags): Promise<void> {
  const asks = flags.yes !== true;
  if (asks && !canAsk()) {
    throw new UsageError(`dropping ${name} needs a confirmation, and there is no terminal to ask on`, {
      remedy: { code: 'pass-flag', flag: '--yes' },
    });
  }
  const dropped = await withMilvus(flags, async (milvus) => {
    const summary = await describeTextCollection(milvus, name);
    if (asks && !(await confirmed(summary, milvus))) return undefined;
    await milvus.channel.call('DropCollection', { collection_name: name }, { what: `dropping ${name}` });
    return summary;
  });
  if (dropped === undefined) throw new FailureError(`${name} was kept`);
  if (flags.quiet !== true) {
    await new StreamSink(process.stdout).write(Buffer.from(`dropped ${name} with ${rowsOf(dropped)} rows\n`));
  }
}

async function withMilvus<T>(
  flags: CollectionsFlags,
  work: (milvus: MilvusConnection) => Promise<T>,
): Promise<T> {
  const target = connectionOptions(flags);
  requireThere(target);
  const milvus = await connectMilvus(target);
  try {
    return await work(milvus);
  } finally {
    await milvus.close();
  }
}

async function confirmed(summary: CollectionSummary, milvus: MilvusConnection): Promise<boolean> {
  const what = `${oneLine(summary.name)} with ${rowsOf(summary)} rows at ${milvus.address}`;
  return (await ask(`Drop ${what} for good? Type its name: `)) === summary.name;
}

function rowsOf({ rows, isExact }: CollectionSummary): string {
  return `${isExact ? '' : '~'}${grouped(rows)}`;
}

function drawn(summaries: readonly CollectionSummary[]): string {
  if (summaries.length === 0) return `${counted(0, 'collection')}\n`;
  const table: readonly (readonly string[])[] = [
    ['name', 'rows', 'dim', 'vectors', 'metric', 'full-text', 'model'],
    ...summaries.map((summary) => [
      oneLine(summary.name),
      rowsOf(summary),
      summary.dim === undefined ? '–' : String(summary.dim),
      summary.vectorType ?? '–',
      summary.metric ?? '–',
      summary.hasFullText ? 'yes' : 'no',
      shortFingerprint(summary.fingerprint),
    ]),
  ];
  return drawTable(table, [1, 2], colorsFor(process.stdout));
}

function shortFingerprint(fingerprint: string | undefined): string {
  if (fingerprint === undefined) return 'another program';
  return fingerprint.length > FINGERPRINT
    ? `${oneLine(fingerprint).slice(0, FINGERPRINT)}…`
    : oneLine(fingerprint);
}
