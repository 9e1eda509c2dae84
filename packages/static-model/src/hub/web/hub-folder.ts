import { ModelError, ModelNotFoundError, UnsupportedModelError } from '../../model-error.js';
import { CorruptDownloadError, ModelUnreachableError } from '../../server-error.js';
import { printable } from '../../source/http-request.js';
import type { ModelFolder, ReadContext } from '../../source/model-folder.js';
import type { HubAccess } from '../hub-access.js';
import { askHub, fileUrl, type HubConnection, hubUrl, nameOf } from '../hub-connection.js';
import { hubEndpoint } from '../hub-endpoint.js';
import { checkToken } from '../hub-id.js';
import { contentHash, fetchListing, type HubFile, type HubListing, resolveRevision } from '../hub-listing.js';
import { allowRequests, checkEndpoint } from '../hub-remedies.js';
import { listingFromJson, listingToJson } from '../listing-json.js';
import { type RetryPolicy, retrying, USUAL_RETRIES } from '../retry.js';
import { checkRevision } from '../revision.js';
import { contentHashOf } from './content-hash.js';

/** Name of the cache within the page's origin. */
const CACHE_NAME = 'model2vec-ts hub 1';

/** Milliseconds, the same as in the reference's client. */
const STALL_TIMEOUT = 10_000;

/**
 * Opens a Hub model through the Cache API. Its listing and files are cached under their addresses and reused without a
 * request. Without a Cache API (insecure page, edge runtime) everything is fetched each time.
 */
export async function openHubFolder(
  id: string,
  access: HubAccess,
  _prefix: string,
  context: ReadContext & { readonly retry?: RetryPolicy },
): Promise<ModelFolder> {
  const { revision = 'main', token, forceDownload = false, localFilesOnly = false } = access;
  checkRevision(revision);
  if (token !== undefined) checkToken(token);
  if (forceDownload && localFilesOnly) {
    throw new ModelError('invalid-argument', 'forceDownload needs requests, which localFilesOnly forbids');
  }
  const connection: HubConnection = {
    id,
    revision,
    endpoint: hubEndpoint(access.endpoint),
    token,
    // Browsers hide the target of a redirect, and do not send the token to another host.
    redirect: 'follow',
    metadataTimeout: context.stallTimeout ?? STALL_TIMEOUT,
    downloadTimeout: context.stallTimeout ?? STALL_TIMEOUT,
    retry: context.retry ?? USUAL_RETRIES,
    signal: context.signal,
    fetch: context.fetch ?? globalThis.fetch.bind(globalThis),
  };
  const cache = await openCache();
  const origin = nameOf(connection);

  let commit = forceDownload ? undefined : await cachedText(cache, refKey(connection));
  let listing = commit === undefined ? undefined : await cachedListing(cache, connection, commit);
  if (commit === undefined || listing === undefined) {
    if (localFilesOnly) throw notCached(origin);
    commit = await resolveRevision(connection);
    listing = (await cachedListing(cache, connection, commit)) ?? (await fetchListing(connection, commit));
    await keep(cache, listingKey(connection, commit), JSON.stringify(listingToJson(listing)));
    await keep(cache, refKey(connection), commit);
  }
  const files = listing;
  const at = commit;
  return {
    origin,
    list: () => Promise.resolve([...files.keys()]),
    read: async (path) => {
      const file = files.get(path);
      if (file === undefined) return undefined;
      const url = fileUrl(connection, at, path);
      const cached = await cachedBytes(cache, url.href, file, forceDownload);
      if (cached !== undefined) return cached;
      if (localFilesOnly) throw notCached(origin);
      const bytes = await fetchVerified(connection, url, path, file, context);
      await keep(cache, url.href, bytes);
      return bytes;
    },
  };
}

function notCached(origin: string): ModelNotFoundError {
  return new ModelNotFoundError(
    `${origin} is not in this page's cache, and localFilesOnly forbids requests to the Hub`,
    [CACHE_NAME],
    allowRequests('localFilesOnly'),
  );
}

function refKey({ endpoint, id, revision }: HubConnection): string {
  return hubUrl(endpoint, `api/models/${id}/revision/${encodeURIComponent(revision)}`).href;
}

function listingKey({ endpoint, id }: HubConnection, commit: string): string {
  return hubUrl(endpoint, `api/models/${id}/tree/${commit}`).href;
}

/** `undefined` if the browser or the user forbids the cache. */
async function openCache(): Promise<Cache | undefined> {
  return globalThis.caches?.open(CACHE_NAME).catch(() => undefined);
}

async function cachedText(cache: Cache | undefined, key: string): Promise<string | undefined> {
  return (await cache?.match(key))?.text();
}

async function cachedListing(
  cache: Cache | undefined,
  connection: HubConnection,
  commit: string,
): Promise<HubListing | undefined> {
  const text = await cachedText(cache, listingKey(connection, commit));
  return text === undefined ? undefined : listingFromJson(JSON.parse(text));
}

async function cachedBytes(
  cache: Cache | undefined,
  key: string,
  file: HubFile,
  checked: boolean,
): Promise<Uint8Array | undefined> {
  const response = await cache?.match(key);
  const bytes = response && new Uint8Array(await response.arrayBuffer());
  // Only bytes with the right hash were cached.
  if (bytes?.length !== file.size) return undefined;
  if (!checked) return bytes;
  const { algorithm, hex } = contentHash(file);
  return (await contentHashOf(bytes, algorithm)) === hex ? bytes : undefined;
}

/** A full cache is no error, because the bytes are in memory. */
async function keep(cache: Cache | undefined, key: string, body: BodyInit): Promise<void> {
  await cache?.put(key, new Response(body)).catch(() => undefined);
}

async function fetchVerified(
  connection: HubConnection,
  url: URL,
  path: string,
  file: HubFile,
  context: ReadContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const expected = contentHash(file);
  const once = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await fetchWhole(connection, url, path, file.size, context);
    const found = await contentHashOf(bytes, expected.algorithm);
    // Only an insecure page cannot hash, and it has no cache that could be poisoned.
    if (found === undefined || found === expected.hex) return bytes;
    throw corrupt(connection, path, expected.hex, found);
  };
  const patiently = (): Promise<Uint8Array<ArrayBuffer>> =>
    retrying(once, connection.retry, connection.signal);
  // A second download rules out a bad transfer.
  return patiently().catch((error: unknown) => {
    if (error instanceof CorruptDownloadError) return patiently();
    throw error;
  });
}

function corrupt({ id }: HubConnection, path: string, expected: string, found: string): CorruptDownloadError {
  return new CorruptDownloadError(
    path,
    expected,
    found,
    `${path} of ${id} arrived twice as ${found}, but the Hub lists ${expected}: something in between alters it, or the Hub's copy is damaged`,
    checkEndpoint(),
  );
}

async function fetchWhole(
  connection: HubConnection,
  url: URL,
  path: string,
  size: number,
  { onProgress }: ReadContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await askHub(connection, url, { stallTimeout: connection.downloadTimeout });
  const bytes = allocate(size, path);
  let loadedBytes = 0;
  for await (const chunk of answer.chunks()) {
    if (loadedBytes + chunk.length > size) {
      throw corrupt(connection, path, `${size} bytes`, `more than ${size} bytes`);
    }
    bytes.set(chunk, loadedBytes);
    loadedBytes += chunk.length;
    onProgress({ from: 'network', file: path, loadedBytes, totalBytes: size });
  }
  if (loadedBytes === size) return bytes;
  throw new ModelUnreachableError(`${printable(url)} ended after ${loadedBytes} of ${size} bytes`);
}

function allocate(size: number, path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new UnsupportedModelError(`${path} has ${size} bytes, more memory than the platform gives`, {
      cause: error,
    });
  }
}
