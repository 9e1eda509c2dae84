import { ModelError, ModelNotFoundError } from '../../model-error.js';
import { subfolderPrefix } from '../../source/layout.js';
import type { LoadProgress } from '../../source/load-progress.js';
import type { HubAccess } from '../hub-access.js';
import { nameOf } from '../hub-connection.js';
import { isHubId } from '../hub-id.js';
import { modelPaths } from '../model-paths.js';
import type { CachedSnapshot } from './cached-snapshot.js';
import { openSnapshot } from './node-hub.js';

/** How {@link pullModel} fetches a model. */
export interface PullOptions extends Omit<HubAccess, 'localFilesOnly'> {
  /** Folder of the model inside the repository. @defaultValue its top */
  readonly subfolder?: string;
  /** Stops the download, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Replaces the platform's `fetch`, for a proxy or a cache. */
  readonly fetch?: typeof fetch;
}

/**
 * Brings the newest version of a Hub model into the cache, without reading it. Files that are there already are hashed,
 * and fetched again where they are damaged.
 *
 * @returns the commit, and the folder of its files
 * @throws {@link ModelError} as `loadStaticModel` does for a Hub model
 *
 * @example
 * ```ts
 * import { pullModel } from '@model2vec-ts/static-model/hub-cache';
 *
 * const { commit, path } = await pullModel('minishlab/potion-base-8M', {
 *   onProgress: ({ file, loadedBytes, totalBytes }) => console.log(file, loadedBytes, totalBytes),
 * });
 * console.log(commit, path);
 * ```
 */
export async function pullModel(id: string, options: PullOptions = {}): Promise<CachedSnapshot> {
  if (!isHubId(id)) {
    throw new ModelError(
      'invalid-argument',
      `${JSON.stringify(id)} is no Hub id such as "minishlab/potion-base-8M"`,
    );
  }
  const { signal, onProgress, fetch, subfolder = '', forceDownload = true, ...access } = options;
  const prefix = subfolderPrefix(subfolder);
  const snapshot = await openSnapshot(id, { ...access, forceDownload }, prefix, {
    signal: signal ?? new AbortController().signal,
    onProgress: onProgress ?? ((): void => undefined),
    fetch,
  });
  if (snapshot !== undefined) return snapshot;
  const lookedFor = modelPaths(prefix);
  throw new ModelNotFoundError(
    `${nameOf({ id, revision: access.revision ?? 'main' })}: the Hub has no Model2Vec model there; a model has ${lookedFor.slice(0, 3).join(', ')}, or another layout`,
    lookedFor,
  );
}
