import { ModelError, ModelNotFoundError } from '../../model-error.js';
import type { OfflineSetting } from '../../remedy.js';
import type { HubAccess } from '../hub-access.js';
import { nameOf } from '../hub-connection.js';
import { hubEndpoint } from '../hub-endpoint.js';
import { checkToken } from '../hub-id.js';
import { allowRequests } from '../hub-remedies.js';
import { checkRevision } from '../revision.js';
import { cacheError } from './cache-error.js';
import type { CachedSnapshot } from './cached-snapshot.js';
import { hubCacheFolder, offlineVariable } from './environment.js';
import type { FileSelection } from './file-selection.js';
import type { HubContext } from './hub-context.js';
import { RepositoryFolder } from './repository-folder.js';

/**
 * Finds a Hub model in the cache, or downloads it if it is missing or `forceDownload` is set.
 *
 * @throws {@link ModelNotFoundError} if the Hub has no such model
 */
export async function openSnapshot(
  id: string,
  access: HubAccess,
  selection: FileSelection,
  context: HubContext,
): Promise<CachedSnapshot> {
  const { revision = 'main', forceDownload = false } = access;
  checkRevision(revision);
  if (access.token !== undefined) checkToken(access.token);
  const endpoint = hubEndpoint(access.endpoint);
  const offline = offlineReason(access.localFilesOnly);
  if (forceDownload && offline !== undefined) {
    throw new ModelError('invalid-argument', `forceDownload needs requests, which ${offline} forbids`);
  }
  const folder = new RepositoryFolder(hubCacheFolder(access.cacheDir), id);
  if (!forceDownload) {
    const cached = await cachedSnapshot(folder, revision, selection, offline === undefined);
    if (cached !== undefined) return cached;
  }
  const name = nameOf({ id, revision });
  if (offline !== undefined) {
    throw new ModelNotFoundError(
      `${name}${selection.folder && ` (${selection.folder})`} is not in the cache ${folder.cache}, and ${offline} forbids requests to the Hub`,
      [folder.path],
      allowRequests(offline),
    );
  }
  // Loaded on demand, because most programs find their model in the cache.
  const { fetchSnapshot } = await import('./snapshot-download.js');
  return fetchSnapshot(folder, { ...access, id, revision, endpoint }, selection, context);
}

async function cachedSnapshot(
  folder: RepositoryFolder,
  revision: string,
  selection: FileSelection,
  certain: boolean,
): Promise<CachedSnapshot | undefined> {
  try {
    return await selection.findCached(folder, revision, certain);
  } catch (error) {
    throw cacheError(folder.path, error);
  }
}

/** The setting that forbids requests; `undefined` if they are allowed. */
function offlineReason(localFilesOnly: boolean | undefined): OfflineSetting | undefined {
  return localFilesOnly ? 'localFilesOnly' : offlineVariable();
}
