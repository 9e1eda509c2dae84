import { readdir } from 'node:fs/promises';
import { sep } from 'node:path';
import { missingModel } from '../../source/missing-model.js';
import { meansAbsent } from '../../thrown-value.js';
import type { HubListing } from '../hub-listing.js';
import { hasLayout, modelPaths } from '../model-paths.js';
import { type CachedSnapshot, findCachedSnapshot } from './cached-snapshot.js';
import type { RepositoryFolder } from './repository-folder.js';

/** Decides which files of a repository are needed. */
export interface FileSelection {
  /** Folder inside the repository, for messages; empty for the whole. */
  readonly folder: string;
  /**
   * Returns the paths to download. Those that the repository lacks are noted as absent.
   *
   * @param name - of the repository, for messages
   */
  choose(listing: HubListing, name: string): Promise<readonly string[]>;
  /**
   * Returns the cached snapshot of a revision if it has every file.
   *
   * @param certain - skip a snapshot that may lack files which the repository has
   */
  findCached(
    cache: RepositoryFolder,
    revision: string,
    certain: boolean,
  ): Promise<CachedSnapshot | undefined>;
}

/**
 * Selects the files of a static model.
 *
 * @param prefix - folder of the model inside the repository, empty or with a slash at the end
 */
export function modelSelection(prefix: string): FileSelection {
  return {
    folder: prefix.slice(0, -1),
    choose: async (listing, name) => {
      if (hasLayout(listing, prefix)) return modelPaths(prefix);
      const isMissing = (path: string): boolean => !listing.has(prefix + path);
      throw await missingModel(name, prefix, [...listing.keys()], isMissing);
    },
    findCached: (cache, revision, certain) => findCachedSnapshot(cache, revision, prefix, certain),
  };
}

/** Selects files by their paths. */
export function pathSelection(choose: (paths: readonly string[]) => readonly string[]): FileSelection {
  return {
    folder: '',
    choose: async (listing) => choose([...listing.keys()]),
    findCached: async (cache, revision, certain) => {
      const commit = await cache.readRef(revision);
      if (commit === undefined) return undefined;
      const snapshot = { commit, path: cache.snapshot(commit) };
      const listing = await cache.readListing(commit);
      // Without the list of another program's download, files may be missing here that the repository has.
      if (listing === undefined && certain) return undefined;
      const present = new Set(await filesIn(snapshot.path));
      const wanted = choose(listing === undefined ? [...present] : [...listing.keys()]);
      return wanted.length > 0 && wanted.every((path) => present.has(path)) ? snapshot : undefined;
    },
  };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries.map((path) => path.split(sep).join('/'));
  } catch (error) {
    if (meansAbsent(error)) return [];
    throw error;
  }
}
