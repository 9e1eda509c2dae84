import {
  type CachedRevision,
  findCachedRevision,
  hubCacheFolder,
  listCachedModels,
} from '@model2vec-ts/static-model/hub-cache';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError } from '../../terminal/cli-error.js';
import { colorsFor, oneLine } from '../../terminal/terminal.js';
import { textWidth } from '../../terminal/text-width.js';
import {
  type CacheFlags,
  cacheOptions,
  type ListingFlags,
  type ModelSpec,
  shownSpec,
} from './models-flags.js';
import { shownBytes } from './models-size.js';

/** Digits of a commit that are shown, as the Hub's pages do. */
const COMMIT_DIGITS = 7;

/** `m2v models ls`. */
export async function listModels(flags: ListingFlags): Promise<void> {
  const revisions = await listCachedModels(cacheOptions(flags));
  const printed = flags.json ? `${JSON.stringify(revisions)}\n` : drawn(revisions, flags);
  await new StreamSink(process.stdout).write(Buffer.from(printed));
}

/** `m2v models path`. */
export async function printPath(model: ModelSpec, flags: CacheFlags): Promise<void> {
  const found = await findCachedRevision(model.id, { ...model, ...cacheOptions(flags) });
  if (found === undefined) {
    throw new FailureError(
      `${shownSpec(model)} is not in ${hubCacheFolder(flags.cacheDir)}; fetch it with m2v models pull ${shownSpec(model)}`,
    );
  }
  await new StreamSink(process.stdout).write(Buffer.from(`${found.path}\n`));
}

/** The beginning of a commit. */
export function shortCommit({ commit }: Pick<CachedRevision, 'commit'>): string {
  return commit.slice(0, COMMIT_DIGITS);
}

function drawn(revisions: readonly CachedRevision[], flags: CacheFlags): string {
  if (revisions.length === 0) return `no models in ${hubCacheFolder(flags.cacheDir)}\n`;
  const table: readonly (readonly string[])[] = [
    ['model', 'revision', 'commit', 'size', 'last used'],
    ...revisions.map((revision) => [
      revision.id,
      oneLine(revision.refs.join(', ')) || '–',
      shortCommit(revision),
      shownBytes(revision.bytes),
      revision.lastUsed.toISOString().slice(0, 10),
    ]),
  ];
  const colors = colorsFor(process.stdout);
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => textWidth(row[column]!))));
  return table
    .map((row, i) => {
      const cells = row.map((cell, column) => {
        const gap = ' '.repeat(widths[column]! - textWidth(cell));
        // Sizes stand under each other's unit.
        return column === 3 ? gap + cell : cell + gap;
      });
      const line = cells.join('  ').trimEnd();
      return `${i === 0 ? colors.bold(line) : line}\n`;
    })
    .join('');
}
