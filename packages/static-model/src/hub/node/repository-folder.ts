import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasSystemCode, meansAbsent } from '../../thrown-value.js';
import type { HubListing } from '../hub-listing.js';
import { listingFromJson, listingToJson } from '../listing-json.js';
import { isCommit } from '../revision.js';
import { replaceFile } from './replaced-file.js';

/** https://bford.info/cachedir: recognised by backup programs. The reference's client writes its own tag. */
const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder holds models of the Hugging Face Hub, which can be fetched again.
`;

/** The folder `models--org--name` of a cache, as laid out by Python's huggingface_hub. */
export class RepositoryFolder {
  readonly cache: string;
  readonly path: string;

  constructor(cache: string, id: string) {
    this.cache = cache;
    this.path = join(cache, `models--${id.replace('/', '--')}`);
  }

  blob(name: string): string {
    return join(this.path, 'blobs', name);
  }

  snapshot(commit: string): string {
    return join(this.path, 'snapshots', commit);
  }

  /** Path of a file in a snapshot. */
  pointer(commit: string, file: string): string {
    return join(this.snapshot(commit), ...file.split('/'));
  }

  /** Commit that a branch or tag pointed to when last looked up; `undefined` if it never was. */
  async readRef(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const text = await textOf(this.#ref(revision));
    const commit = text?.trim();
    return commit !== undefined && isCommit(commit) ? commit : undefined;
  }

  /** Records the commit of a branch or tag; a commit needs no record. */
  async writeRef(revision: string, commit: string): Promise<void> {
    if (revision === commit || (await this.readRef(revision)) === commit) return;
    await replaceFile(this.#ref(revision), commit);
  }

  #ref(revision: string): string {
    return join(this.path, 'refs', ...revision.split('/'));
  }

  /** The recorded listing of a commit; `undefined` if missing or unusable. */
  async readListing(commit: string): Promise<HubListing | undefined> {
    const text = await textOf(this.#listing(commit));
    if (text === undefined) return undefined;
    try {
      return listingFromJson(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  async writeListing(commit: string, listing: HubListing): Promise<void> {
    await replaceFile(this.#listing(commit), JSON.stringify(listingToJson(listing), undefined, 1));
  }

  #listing(commit: string): string {
    return join(this.path, 'trees', `${commit}.json`);
  }

  /** Whether the cache records that a commit lacks a file. */
  async isKnownAbsent(commit: string, file: string): Promise<boolean> {
    return (await sizeOf(join(this.path, '.no_exist', commit, ...file.split('/')))) !== undefined;
  }

  async noteAbsent(commit: string, file: string): Promise<void> {
    const path = join(this.path, '.no_exist', commit, ...file.split('/'));
    if ((await sizeOf(path)) !== undefined) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
  }

  /** Creates the folders and tags the cache. */
  async create(): Promise<void> {
    await mkdir(join(this.path, 'blobs'), { recursive: true });
    await writeFile(join(this.cache, 'CACHEDIR.TAG'), CACHE_TAG, { flag: 'wx' }).catch(() => undefined);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (meansAbsent(error) || hasSystemCode(error, 'EISDIR')) return undefined;
    throw error;
  }
}

/** Size of the file at a path or behind its link; `undefined` if missing or a folder. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (meansAbsent(error) || hasSystemCode(error, 'ELOOP')) return undefined;
    throw error;
  }
}
