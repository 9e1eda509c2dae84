import {
  type CachedRevision,
  findCachedRevision,
  hubCacheFolder,
  listCachedModels,
} from '@model2vec-ts/static-model/hub-cache';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError } from '../../terminal/cli-error.js';
import { drawTable } from '../../terminal/table.js';
import { colorsFor, oneLine } from '../../terminal/terminal.js';
import {
  type CacheFlags,
  cacheOptions,
  type ListingFlags,
  type ModelSpec,
  shownSpec,
} from './models-flags.js';
import { shownBytes } from './models-size.js';

/** Digits of a shortened commit, as on the Hub's pages. */
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
    throw new FailureError(`${shownSpec(model)} is not in ${hubCacheFolder(flags.cacheDir)}`, {
      remedy: { code: 'run-command', command: `m2v models pull ${shownSpec(model)}`, effect: 'downloads it' },
    });
  }
  await new StreamSink(process.stdout).write(Buffer.from(`${found.path}\n`));
}

/** Returns the first digits of a commit. */
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
  return drawTable(table, [3], colorsFor(process.stdout));
}
