import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ModelNotFoundError } from '../../model-error.js';
import { meansAbsent } from '../../thrown-value.js';
import { isHubId } from '../hub-id.js';
import { type ContentHash, contentHash } from '../hub-listing.js';
import { notHubId } from '../hub-page.js';
import { listModels } from '../hub-remedies.js';
import { checkRevision, isCommit } from '../revision.js';
import { cacheError } from './cache-error.js';
import { hubCacheFolder } from './environment.js';
import { hashOfFile } from './file-hash.js';
import { RepositoryFolder, sizeOf } from './repository-folder.js';

/** Selects a cache. */
export interface CacheOptions {
  /** Folder of the cache. @defaultValue as for `loadStaticModel` */
  readonly cacheDir?: string;
}

/** Selects a version of a cached model. */
export interface CachedRevisionOptions extends CacheOptions {
  /** Branch, tag, `refs/pr/N`, or at least the first seven digits of a commit. */
  readonly revision?: string;
}

/** A cached version of a model, whichever program cached it. */
export interface CachedRevision {
  readonly id: string;
  readonly commit: string;
  /** Branches and tags that pointed to this commit when they were last looked up. */
  readonly refs: readonly string[];
  /** Folder that holds the files. */
  readonly path: string;
  /** Bytes on disk; versions share unchanged files. */
  readonly bytes: number;
  /** Paths inside the folder. */
  readonly files: readonly string[];
  /** Last time a file was read, if the file system records it. */
  readonly lastUsed: Date;
}

/** Result of comparing a cached file with the Hub's hash. */
export interface FileCheck {
  readonly path: string;
  /** `unknown`: the file's hash was not recorded. */
  readonly state: 'intact' | 'damaged' | 'missing' | 'unknown';
  readonly bytes: number;
}

/** The plan made by {@link prepareRemoval}, so that a program can show it first. */
export interface Removal {
  readonly revisions: readonly CachedRevision[];
  /** Bytes that the removal frees. */
  readonly bytes: number;
  /** Removes the files. If interrupted, the cache still works and the removal can be repeated. */
  run(): Promise<void>;
}

/** A file of a snapshot, and the blob that holds its bytes. */
interface Entry {
  readonly path: string;
  readonly holder: string;
  readonly stats: Stats | undefined;
}

/**
 * Lists every version of every cached model, sorted by name.
 *
 * @throws {@link ModelError} `cache-failure` if the cache cannot be read
 *
 * @example
 * ```ts
 * import { listCachedModels } from '@model2vec-ts/static-model/hub-cache';
 *
 *
 * for (const { id, commit, path } of await listCachedModels()) console.log(id, commit, path);
 * ```
 */
export async function listCachedModels(options: CacheOptions = {}): Promise<CachedRevision[]> {
  const cache = hubCacheFolder(options.cacheDir);
  return reading(cache, async () => {
    const found: CachedRevision[] = [];
    for (const name of (await namesIn(cache)).sort()) {
      const id = name.startsWith('models--') ? name.slice(8).replaceAll('--', '/') : '';
      // A name without an organisation is one of the Hub's early models.
      if (!isHubId(id) && !isHubId(`x/${id}`)) continue;
      found.push(...(await revisionsOf(new RepositoryFolder(cache, id), id)));
    }
    return found;
  });
}

/**
 * Finds a cached version of a model, complete or not.
 *
 * @returns `undefined` if it is not cached
 *
 * @example
 * ```ts
 * import { findCachedRevision } from '@model2vec-ts/static-model/hub-cache';
 *
 *
 * const found = await findCachedRevision('minishlab/potion-base-8M');
 * console.log(found === undefined ? 'not downloaded yet' : found.path);
 * ```
 */
export async function findCachedRevision(
  id: string,
  options: CachedRevisionOptions = {},
): Promise<CachedRevision | undefined> {
  const folder = folderOf(id, options);
  return reading(folder.path, async () => {
    const { revision = 'main' } = options;
    checkRevision(revision);
    return matching(await revisionsOf(folder, id), revision);
  });
}

/**
 * Checks the hashes of a cached model's files, in one version or all.
 *
 * @throws {@link ModelNotFoundError} if it is not cached
 *
 * @example
 * ```ts
 * import { verifyCachedModel } from '@model2vec-ts/static-model/hub-cache';
 *
 *
 * for (const { commit, checks } of await verifyCachedModel('minishlab/potion-base-8M')) {
 *   const damaged = checks.filter(({ state }) => state === 'damaged' || state === 'missing');
 *   console.log(commit, damaged.length === 0 ? 'intact' : damaged.map(({ path }) => path));
 * }
 * ```
 */
export async function verifyCachedModel(
  id: string,
  options: CachedRevisionOptions & { readonly signal?: AbortSignal } = {},
): Promise<(CachedRevision & { readonly checks: readonly FileCheck[] })[]> {
  const folder = folderOf(id, options);
  return reading(folder.path, async () => {
    const verified: (CachedRevision & { checks: readonly FileCheck[] })[] = [];
    for (const revision of await chosen(folder, id, options)) {
      const listing = await folder.readListing(revision.commit);
      const checks: FileCheck[] = [];
      for (const { path, holder, stats } of await entriesOf(revision.path)) {
        const listed = listing?.get(path);
        const expected = listed === undefined ? hashInName(holder) : contentHash(listed);
        const bytes = stats?.size ?? 0;
        if (stats === undefined) checks.push({ path, state: 'missing', bytes });
        else if (expected === undefined) checks.push({ path, state: 'unknown', bytes });
        else {
          const found = await hashOfFile(holder, expected.algorithm, options.signal);
          checks.push({ path, state: found === expected.hex ? 'intact' : 'damaged', bytes });
        }
      }
      verified.push({ ...revision, checks });
    }
    return verified;
  });
}

/**
 * Plans the removal of a model or of one version. Files that another version uses are kept.
 *
 * @throws {@link ModelNotFoundError} if it is not cached
 *
 * @example
 * ```ts
 * import { prepareRemoval } from '@model2vec-ts/static-model/hub-cache';
 *
 *
 * const removal = await prepareRemoval('minishlab/potion-base-8M');
 * console.log(`frees ${removal.bytes} bytes`);
 * await removal.run();
 * ```
 */
export async function prepareRemoval(id: string, options: CachedRevisionOptions = {}): Promise<Removal> {
  const folder = folderOf(id, options);
  return reading(folder.path, async () => {
    const all = await revisionsOf(folder, id);
    const revisions = await chosen(folder, id, options);
    const commits = new Set(revisions.map(({ commit }) => commit));
    const kept = new Set<string>();
    const freed = new Map<string, number>();
    for (const { commit, path } of all) {
      for (const { holder, stats } of await entriesOf(path)) {
        if (commits.has(commit)) freed.set(holder, stats?.size ?? 0);
        else kept.add(holder);
      }
    }
    for (const holder of kept) freed.delete(holder);
    const whole = commits.size === all.length;
    return {
      revisions,
      bytes: [...freed.values()].reduce((sum, bytes) => sum + bytes, 0),
      run: () =>
        reading(folder.path, async () => {
          // This order never leaves a reference to a missing file.
          for (const { refs } of revisions) {
            for (const ref of refs) await remove(join(folder.path, 'refs', ...ref.split('/')));
          }
          for (const { path, commit } of revisions) {
            await remove(path);
            await remove(join(folder.path, 'trees', `${commit}.json`));
            await remove(join(folder.path, '.no_exist', commit));
          }
          for (const holder of freed.keys()) await remove(holder);
          if (whole) await remove(folder.path);
        }),
    };
  });
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

function folderOf(id: string, { cacheDir }: CacheOptions): RepositoryFolder {
  if (isHubId(id) || isHubId(`x/${id}`)) return new RepositoryFolder(hubCacheFolder(cacheDir), id);
  throw notHubId(id);
}

async function chosen(
  folder: RepositoryFolder,
  id: string,
  { revision }: CachedRevisionOptions,
): Promise<CachedRevision[]> {
  if (revision !== undefined) checkRevision(revision);
  const all = await revisionsOf(folder, id);
  const one = revision === undefined ? undefined : matching(all, revision);
  const found = revision === undefined ? all : one ? [one] : [];
  if (found.length > 0) return found;
  const name = revision === undefined ? id : `${id}@${revision}`;
  throw new ModelNotFoundError(`${name} is not in the cache ${folder.cache}`, [folder.path], listModels());
}

function matching(revisions: readonly CachedRevision[], revision: string): CachedRevision | undefined {
  const named = revisions.find(({ refs, commit }) => refs.includes(revision) || commit === revision);
  if (named !== undefined || !/^[0-9a-f]{7,}$/.test(revision)) return named;
  const beginning = revisions.filter(({ commit }) => commit.startsWith(revision));
  return beginning.length === 1 ? beginning[0] : undefined;
}

async function revisionsOf(folder: RepositoryFolder, id: string): Promise<CachedRevision[]> {
  const refs = await refsOf(folder);
  const snapshots = join(folder.path, 'snapshots');
  const found: CachedRevision[] = [];
  for (const commit of (await namesIn(snapshots)).filter(isCommit).sort()) {
    const path = join(snapshots, commit);
    const entries = await entriesOf(path);
    const holders = new Map(entries.map(({ holder, stats }) => [holder, stats]));
    const times = entries.map(({ stats }) => stats?.atimeMs ?? 0);
    found.push({
      id,
      commit,
      refs: [...refs].flatMap(([ref, target]) => (target === commit ? [ref] : [])).sort(),
      path,
      bytes: [...holders.values()].reduce((sum, stats) => sum + (stats?.size ?? 0), 0),
      files: entries.map((entry) => entry.path),
      lastUsed: new Date(times.length > 0 ? Math.max(...times) : (await stat(path)).mtimeMs),
    });
  }
  return found;
}

async function refsOf(folder: RepositoryFolder): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of await namesIn(join(folder.path, 'refs'), true)) {
    const ref = path.split(sep).join('/');
    // Left by a killed process.
    if (ref.endsWith('.tmp')) continue;
    const commit = await folder.readRef(ref);
    if (commit !== undefined) found.set(ref, commit);
  }
  return found;
}

async function entriesOf(snapshot: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await namesIn(snapshot, true)).sort()) {
    const path = join(snapshot, name);
    const own = await lstat(path);
    if (own.isDirectory()) continue;
    // Follows one link only: a blob may itself be a link into the store that Python shares among models.
    const holder = own.isSymbolicLink() ? resolve(dirname(path), await readlink(path)) : path;
    const there = (await sizeOf(holder)) !== undefined;
    entries.push({
      path: name.split(sep).join('/'),
      holder,
      stats: there ? await stat(holder) : undefined,
    });
  }
  return entries;
}

/** The hash in a blob's name. */
function hashInName(holder: string): ContentHash | undefined {
  const hex = basename(holder);
  if (/^[0-9a-f]{64}$/.test(hex)) return { algorithm: 'sha256', hex };
  return isCommit(hex) ? { algorithm: 'git-sha1', hex } : undefined;
}

async function namesIn(folder: string, recursive = false): Promise<string[]> {
  try {
    return await readdir(folder, { recursive });
  } catch (error) {
    if (meansAbsent(error)) return [];
    throw error;
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw cacheError(path, error);
  }
}
