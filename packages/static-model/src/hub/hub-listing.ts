import { MalformedModelError } from '../model-error.js';
import { printable } from '../source/http-request.js';
import { askHub, type HubConnection, hubUrl, jsonOf } from './hub-connection.js';
import { retrying } from './retry.js';
import { isCommit } from './revision.js';

/** A file of a model at a commit, as the Hub lists it. */
export interface HubFile {
  /** Size of the file itself, even if git holds only a pointer to it. */
  readonly size: number;
  /** SHA-1 of the git object. */
  readonly blobId: string;
  /** SHA-256 of the content; only for files in Git LFS. */
  readonly sha256?: string;
  /** Hash in the Hub's chunk store, kept for Python. */
  readonly xetHash?: string;
}

/** All files of a model at a commit, by path. */
export type HubListing = ReadonlyMap<string, HubFile>;

/** Expected hash of a file's content. */
export interface ContentHash {
  /** `git-sha1` is SHA-1 over `blob <size>\0` and the content. */
  readonly algorithm: 'sha256' | 'git-sha1';
  readonly hex: string;
}

/** Hash that a file is checked against, and that names it in the cache. */
export function contentHash({ sha256, blobId }: HubFile): ContentHash {
  return sha256 === undefined ? { algorithm: 'git-sha1', hex: blobId } : { algorithm: 'sha256', hex: sha256 };
}

/** Retries of a metadata request: without a network, users should learn so soon. */
const RETRIES = 2;

/** Far more than any model has; a longer listing is a server's mistake. */
const MAX_PAGES = 100;

/** Returns the commit that the revision points to now. */
export async function resolveRevision(connection: HubConnection): Promise<string> {
  const { id, revision, endpoint } = connection;
  if (isCommit(revision)) return revision;
  const url = hubUrl(endpoint, `api/models/${id}/revision/${encodeURIComponent(revision)}`);
  const { json } = await fetchJson(connection, url);
  const commit = isObject(json) ? json.sha : undefined;
  if (typeof commit === 'string' && isCommit(commit)) return commit;
  throw new MalformedModelError(printable(url), 'answers without the hash of a commit ("sha")');
}

/** Every file of the model at a commit, in as many requests as the Hub has pages. */
export async function fetchListing(connection: HubConnection, commit: string): Promise<HubListing> {
  const { id, endpoint } = connection;
  const listing = new Map<string, HubFile>();
  let url: URL | undefined = hubUrl(endpoint, `api/models/${id}/tree/${commit}`);
  url.search = '?recursive=true&expand=false';
  for (let page = 0; url !== undefined; page++) {
    const named = printable(url);
    if (page === MAX_PAGES) throw new MalformedModelError(named, `has more than ${MAX_PAGES} pages`);
    const { json, headers } = await fetchJson(connection, url);
    if (!Array.isArray(json)) throw new MalformedModelError(named, 'answers with no list of files');
    for (const entry of json as readonly unknown[]) addEntry(listing, entry, named);
    url = nextPage(headers, url, endpoint);
  }
  return listing;
}

async function fetchJson(
  connection: HubConnection,
  url: URL,
): Promise<{ readonly json: unknown; readonly headers: Headers }> {
  const once = async (): Promise<{ json: unknown; headers: Headers }> => {
    const answer = await askHub(connection, url, { stallTimeout: connection.metadataTimeout });
    return { json: await jsonOf(answer), headers: answer.response.headers };
  };
  const retries = Math.min(connection.retry.retries, RETRIES);
  return retrying(once, { ...connection.retry, retries }, connection.signal);
}

function addEntry(listing: Map<string, HubFile>, entry: unknown, named: string): void {
  if (!isObject(entry)) throw new MalformedModelError(named, 'lists something that is no file');
  if (entry.type !== 'file') return;
  const { path, size, oid, lfs, xetHash } = entry;
  if (typeof path !== 'string' || !isPathInside(path)) {
    throw new MalformedModelError(
      named,
      `lists a file ${JSON.stringify(path)}, which would lie outside of its folder; nothing is fetched`,
    );
  }
  const file = parseHubFile({
    size: isObject(lfs) ? lfs.size : size,
    blobId: oid,
    ...(isObject(lfs) && { sha256: lfs.oid }),
    xetHash,
  });
  if (file === undefined) {
    throw new MalformedModelError(named, `lists ${JSON.stringify(path)} without a size or a hash`);
  }
  listing.set(path, file);
}

/** Builds a file's description from values of unknown type. */
export function parseHubFile(parts: {
  readonly size: unknown;
  readonly blobId: unknown;
  readonly sha256?: unknown;
  readonly xetHash?: unknown;
}): HubFile | undefined {
  const { size, blobId, sha256, xetHash } = parts;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || !isHex(blobId, 40)) return undefined;
  if (sha256 !== undefined && !isHex(sha256, 64)) return undefined;
  return {
    size: size as number,
    blobId,
    ...(sha256 !== undefined && { sha256 }),
    ...(isHex(xetHash, 64) && { xetHash }),
  };
}

function isHex(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a path stays inside its folder on every system, since Python may read it on another one. Both kinds of
 * slashes, and Windows drives and devices, are checked.
 */
export function isPathInside(path: string): boolean {
  const parts = path.split(/[/\\]/);
  return (
    !path.includes('\0') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^[A-Za-z]:/.test(part))
  );
}

/** Address in `Link: <…>; rel="next"`. The token must not go to another host. */
function nextPage(headers: Headers, url: URL, endpoint: URL): URL | undefined {
  const link = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (link === undefined) return undefined;
  if (!URL.canParse(link, url))
    throw new MalformedModelError(printable(url), 'has an invalid next-page address');
  const next = new URL(link, url);
  if (next.origin === endpoint.origin) return next;
  // Mirrors pass on the original's addresses.
  const mirrored = hubUrl(endpoint, next.pathname.slice(1));
  mirrored.search = next.search;
  return mirrored;
}
