import { checkStallTimeout } from '../../load-options.js';
import { subfolderPrefix } from '../../source/layout.js';
import type { LoadProgress } from '../../source/load-progress.js';
import type { HubAccess } from '../hub-access.js';
import { isHubId } from '../hub-id.js';
import { notHubId } from '../hub-page.js';
import type { CachedSnapshot } from './cached-snapshot.js';
import { type FileSelection, modelSelection, pathSelection } from './file-selection.js';
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
  const { subfolder = '', forceDownload = true, ...rest } = options;
  return pull(id, { ...rest, forceDownload }, modelSelection(subfolderPrefix(subfolder)));
}

/** How {@link pullFiles} fetches files. */
export interface PullFilesOptions extends Omit<PullOptions, 'subfolder'>, Pick<HubAccess, 'localFilesOnly'> {}

/**
 * Downloads files of any repository of models on the Hub into the cache. Cached files are used without a request.
 *
 * @param choose - returns those of the repository's paths to download
 * @returns the commit, and the folder of its files, which may also hold other files of that commit
 * @throws {@link ModelError} as `loadStaticModel` does for a Hub model
 *
 * @example
 * ```ts
 * import { pullFiles } from '@model2vec-ts/static-model/hub-cache';
 *
 * const { path } = await pullFiles('sentence-transformers/all-MiniLM-L6-v2', (paths) =>
 *   paths.filter((each) => /^[^/]*\.json$/.test(each)),
 * );
 * console.log(path);
 * ```
 */
export async function pullFiles(
  id: string,
  choose: (paths: readonly string[]) => readonly string[],
  options: PullFilesOptions = {},
): Promise<CachedSnapshot> {
  return pull(id, options, pathSelection(choose));
}

async function pull(
  id: string,
  options: PullFilesOptions,
  selection: FileSelection,
): Promise<CachedSnapshot> {
  if (!isHubId(id)) throw notHubId(id, options.endpoint);
  const { signal, onProgress, fetch, stallTimeout, ...access } = options;
  checkStallTimeout(stallTimeout);
  return openSnapshot(id, access, selection, {
    signal: signal ?? new AbortController().signal,
    onProgress: onProgress ?? ((): void => undefined),
    stallTimeout,
    fetch,
  });
}
