import { subfolderPrefix } from '../../source/layout.js';
import type { LoadProgress } from '../../source/load-progress.js';
import { checkStallTimeout } from '../../source/stall-timeout.js';
import type { HubAccess } from '../hub-access.js';
import { isHubId } from '../hub-id.js';
import { notHubId } from '../hub-page.js';
import type { CachedSnapshot } from './cached-snapshot.js';
import { openSnapshot } from './node-hub.js';

/** Options of {@link pullModel}. */
export interface PullOptions extends Omit<HubAccess, 'localFilesOnly'> {
  /** Folder of the model inside the repository. @defaultValue the top folder */
  readonly subfolder?: string;
  /** Stops the download, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Replaces the platform's `fetch`, for example to use a proxy. */
  readonly fetch?: typeof fetch;
  /** Longest silence of the Hub in milliseconds. @defaultValue as for `loadStaticModel` */
  readonly stallTimeout?: number;
}

/**
 * Downloads the newest version of a Hub model into the cache. Cached files are hashed, and downloaded again if they are
 * damaged.
 *
 * @returns the commit and the folder of its files
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
  if (!isHubId(id)) throw notHubId(id, options.endpoint);
  const {
    signal,
    onProgress,
    fetch,
    stallTimeout,
    subfolder = '',
    forceDownload = true,
    ...access
  } = options;
  const prefix = subfolderPrefix(subfolder);
  checkStallTimeout(stallTimeout);
  return openSnapshot(id, { ...access, forceDownload }, prefix, {
    signal: signal ?? new AbortController().signal,
    onProgress: onProgress ?? ((): void => undefined),
    stallTimeout,
    fetch,
  });
}
