import { LAYOUTS } from '../../source/layout.js';
import type { HubListing } from '../hub-listing.js';
import { type RepositoryFolder, sizeOf } from './repository-folder.js';

/** A cached model. */
export interface CachedSnapshot {
  readonly commit: string;
  /** Folder of the snapshot. */
  readonly path: string;
}

/**
 * Finds the cached snapshot of a revision, if it holds a loadable model.
 *
 * @param certain - reject a snapshot that may lack the files of an earlier layout and would load as a different model
 * than the Hub's. Only an interrupted download by another program leaves such a snapshot.
 */
export async function findCachedSnapshot(
  folder: RepositoryFolder,
  revision: string,
  prefix: string,
  certain: boolean,
): Promise<CachedSnapshot | undefined> {
  const commit = await folder.readRef(revision);
  if (commit === undefined) return undefined;
  const snapshot = { commit, path: folder.snapshot(commit) };
  let listing: HubListing | undefined;
  for (const [index, { config, table, tokenizer }] of LAYOUTS.entries()) {
    const missing: string[] = [];
    for (const path of [config, table, tokenizer].map((file) => prefix + file)) {
      if ((await sizeOf(folder.pointer(commit, path))) === undefined) missing.push(path);
    }
    if (missing.length === 0) return snapshot;
    // Needed only if the first layout, which nearly every model has, is missing.
    if (index === 0) listing = await folder.readListing(commit);
    const absent = await knownAbsent(folder, commit, listing, missing);
    if (absent === false || (absent === undefined && certain)) return undefined;
  }
  return undefined;
}

/** Whether the Hub lacks one of the files too; `undefined` if its listing was not recorded. */
async function knownAbsent(
  folder: RepositoryFolder,
  commit: string,
  listing: HubListing | undefined,
  missing: readonly string[],
): Promise<boolean | undefined> {
  if (listing !== undefined) return missing.some((path) => !listing.has(path));
  for (const path of missing) if (await folder.isKnownAbsent(commit, path)) return true;
  return undefined;
}
