import { platform } from '#platform';
import { ModelNotFoundError } from '../model-error.js';
import type { ModelFile } from '../static-model.js';
import type { FileBytes } from './file-bytes.js';
import type { ReadContext } from './model-folder.js';
import { copyModelFiles } from './source-remedies.js';

/** In pages built with Turbopack, `new URL('…', import.meta.url)` lacks protocol and host but has `URL`'s prototype. */
function absolute(url: URL): URL {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location;
  return url.protocol === '' && page !== undefined ? new URL(url.href, page.href) : url;
}

/** Refuses a file that does not exist. */
export function found<T>(file: T | undefined, url: URL, path: string): T {
  if (file !== undefined) return file;
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  throw new ModelNotFoundError(`${path}: nothing found at ${address}`, [path], copyModelFiles());
}

/** The bytes at a URL that was given for a file. */
export async function readGivenUrl(
  url: Extract<ModelFile, URL>,
  file: string,
  context: ReadContext,
): Promise<Uint8Array> {
  const address = absolute(url);
  return found(await bytesOf(address, file, context), address, file);
}

async function bytesOf(url: URL, file: string, context: ReadContext): Promise<Uint8Array | undefined> {
  if (url.protocol === 'file:' && platform.hasFiles) return platform.readFile(url, file, context);
  // Bytes need none of this.
  const { fetchGivenFile } = await import('./http-folder.js');
  return fetchGivenFile({ url, file }, context);
}

/** The same file to read in parts, if it is on disk. */
export async function openGivenUrl(
  url: Extract<ModelFile, URL>,
  file: string,
  context: ReadContext,
): Promise<FileBytes | Uint8Array> {
  if (url.protocol === 'file:' && platform.hasFiles)
    return found(platform.openFile(url, file, context), url, file);
  return readGivenUrl(url, file, context);
}
