import { joinSignals } from '../../abort.js';
import type { LoadProgress } from '../../source/load-progress.js';
import { hasSystemCode } from '../../thrown-value.js';
import { type HubConnection, nameOf } from '../hub-connection.js';
import { checkToken } from '../hub-id.js';
import { contentHash, fetchListing, type HubListing, resolveRevision } from '../hub-listing.js';
import { USUAL_RETRIES } from '../retry.js';
import { downloadBlob, type WantedFile } from './blob-download.js';
import { cacheError } from './cache-error.js';
import type { CachedSnapshot } from './cached-snapshot.js';
import { environmentToken, timeoutFrom } from './environment.js';
import { hashOfFile } from './file-hash.js';
import type { FileSelection } from './file-selection.js';
import type { HubContext } from './hub-context.js';
import { proxiedFetch } from './proxy.js';
import { type RepositoryFolder, sizeOf } from './repository-folder.js';
import { placeInSnapshot } from './snapshot-file.js';

/** A model on a Hub. */
export interface HubModel {
  readonly id: string;
  readonly revision: string;
  readonly endpoint: URL;
  readonly token?: string | undefined;
}

/**
 * Downloads files of a revision into the cache with the environment's settings.
 *
 * @throws {@link ModelNotFoundError} if the Hub has no such model
 */
export async function fetchSnapshot(
  folder: RepositoryFolder,
  { id, revision, endpoint, token }: HubModel,
  selection: FileSelection,
  context: HubContext,
): Promise<CachedSnapshot> {
  const found = token === undefined ? await environmentToken() : undefined;
  if (found !== undefined) checkToken(found.token);
  const connection: HubConnection = {
    id,
    revision,
    endpoint,
    token: token ?? found?.token,
    tokenSource: found?.source,
    redirect: 'manual',
    metadataTimeout: context.stallTimeout ?? timeoutFrom('HF_HUB_ETAG_TIMEOUT'),
    downloadTimeout: context.stallTimeout ?? timeoutFrom('HF_HUB_DOWNLOAD_TIMEOUT'),
    retry: context.retry ?? USUAL_RETRIES,
    signal: context.signal,
    fetch: context.fetch ?? proxiedFetch,
  };
  return downloadSnapshot(folder, selection, connection, context.onProgress);
}

/**
 * Updates the cache with a revision's current files. Existing files are hashed and kept. The branch or tag is
 * recorded last, so until all files are there it points to the previous commit.
 *
 * @throws {@link ModelNotFoundError} if the Hub has no such model
 */
async function downloadSnapshot(
  folder: RepositoryFolder,
  selection: FileSelection,
  connection: HubConnection,
  onProgress: (progress: LoadProgress) => void,
): Promise<CachedSnapshot> {
  const commit = await resolveRevision(connection);
  const known = await folder.readListing(commit);
  const listing = known ?? (await fetchListing(connection, commit));
  const paths = await selection.choose(listing, nameOf(connection));
  try {
    await folder.create();
    if (known === undefined) await unlessReadOnly(folder.writeListing(commit, listing));
    await downloadFiles(folder, commit, paths, listing, connection, onProgress);
    for (const path of paths) {
      if (!listing.has(path)) await unlessReadOnly(folder.noteAbsent(commit, path));
    }
    await unlessReadOnly(folder.writeRef(connection.revision, commit));
  } catch (error) {
    throw cacheError(folder.path, error);
  }
  return { commit, path: folder.snapshot(commit) };
}

/** In a read-only cache filled by others, a record may be skipped if nothing had to be downloaded. */
async function unlessReadOnly(note: Promise<void>): Promise<void> {
  try {
    await note;
  } catch (error) {
    // Node reports ENOENT if it cannot create a folder on a read-only file system.
    if (!hasSystemCode(error, 'EROFS', 'EACCES', 'EPERM', 'ENOENT')) throw error;
  }
}

async function downloadFiles(
  folder: RepositoryFolder,
  commit: string,
  paths: readonly string[],
  listing: HubListing,
  connection: HubConnection,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> {
  // Files of equal content share a blob, so they are downloaded one after the other.
  const groups = new Map<string, WantedFile[]>();
  for (const path of paths) {
    const file = listing.get(path);
    if (file === undefined) continue;
    const { hex } = contentHash(file);
    groups.set(hex, [...(groups.get(hex) ?? []), { commit, path, file }]);
  }
  // If one download fails, the others stop.
  const joined = joinSignals(connection.signal);
  const linked = { ...connection, signal: joined.signal };
  const downloads = [...groups.values()].map(async (files) => {
    for (const wanted of files) await ensureFile(wanted, folder, linked, onProgress);
  });
  try {
    await Promise.all(downloads);
  } catch (error) {
    joined.abort(error);
    // The downloads remove their temporary files when they end.
    await Promise.allSettled(downloads);
    throw error;
  } finally {
    joined.release();
  }
}

async function ensureFile(
  wanted: WantedFile,
  folder: RepositoryFolder,
  connection: HubConnection,
  onProgress: (progress: LoadProgress) => void,
): Promise<void> {
  const { commit, path, file } = wanted;
  const pointer = folder.pointer(commit, path);
  if (await isIntact(pointer, wanted, connection.signal)) return;
  const cached = folder.blob(contentHash(file).hex);
  if (await isIntact(cached, wanted, connection.signal)) {
    await placeInSnapshot(cached, pointer, false);
    return;
  }
  const report = (loadedBytes: number): void =>
    onProgress({ from: 'network', file: path, loadedBytes, totalBytes: file.size });
  // Report the total size before the first byte arrives.
  report(0);
  const blob = await downloadBlob(wanted, folder, connection, report);
  await placeInSnapshot(blob, pointer, true);
}

async function isIntact(path: string, { file }: WantedFile, signal: AbortSignal): Promise<boolean> {
  if ((await sizeOf(path)) !== file.size) return false;
  const { algorithm, hex } = contentHash(file);
  return (await hashOfFile(path, algorithm, signal)) === hex;
}
