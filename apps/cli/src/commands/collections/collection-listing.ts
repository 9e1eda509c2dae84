import { createInterface } from 'node:readline/promises';
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
import { milvusFailure } from '../../terminal/milvus-failure.js';
import { colorsFor, counted, grouped, oneLine } from '../../terminal/terminal.js';
import { textWidth } from '../../terminal/text-width.js';

/** The flags of `m2v collections`. */
export interface CollectionsFlags extends ConnectionFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v collections drop`. */
export interface DropFlags extends CollectionsFlags {
  readonly yes?: boolean;
}

/** Characters of a fingerprint that are shown. */
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
  if (asks && !(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new UsageError(`dropping ${name} deletes its rows, and nobody is there to ask; add --yes`);
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
  try {
    const target = connectionOptions(flags);
    requireThere(target);
    const milvus = await connectMilvus(target);
    try {
      return await work(milvus);
    } finally {
      await milvus.close();
    }
  } catch (error) {
    throw milvusFailure(error);
  }
}

async function confirmed(summary: CollectionSummary, milvus: MilvusConnection): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const what = `${oneLine(summary.name)} with ${rowsOf(summary)} rows at ${milvus.address}`;
    const answer = await prompt.question(`Drop ${what} for good? Type its name: `);
    return answer.trim() === summary.name;
  } finally {
    prompt.close();
  }
}

function rowsOf({ rows, isExact }: CollectionSummary): string {
  return `${isExact ? '' : '~'}${grouped(rows)}`;
}

function drawn(summaries: readonly CollectionSummary[]): string {
  const colors = colorsFor(process.stdout);
  if (summaries.length === 0) return `${counted(0, 'collection')}\n`;
  const table: readonly (readonly string[])[] = [
    ['name', 'rows', 'dim', 'vectors', 'metric', 'words', 'model'],
    ...summaries.map((summary) => [
      oneLine(summary.name),
      rowsOf(summary),
      summary.dim === undefined ? '–' : String(summary.dim),
      summary.vectorType ?? '–',
      summary.metric ?? '–',
      summary.hasWords ? 'yes' : 'no',
      shortFingerprint(summary.fingerprint),
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => textWidth(row[column]!))));
  // Numbers stand under each other's last digit.
  const isNumber = (column: number): boolean => column === 1 || column === 2;
  return table
    .map((row, i) => {
      const cells = row.map((cell, column) => {
        const gap = ' '.repeat(widths[column]! - textWidth(cell));
        return isNumber(column) ? gap + cell : cell + gap;
      });
      const line = cells.join('  ').trimEnd();
      return `${i === 0 ? colors.bold(line) : line}\n`;
    })
    .join('');
}

function shortFingerprint(fingerprint: string | undefined): string {
  if (fingerprint === undefined) return 'another program';
  return fingerprint.length > FINGERPRINT
    ? `${oneLine(fingerprint).slice(0, FINGERPRINT)}…`
    : oneLine(fingerprint);
}
