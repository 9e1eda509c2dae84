import { ModelError } from '../model-error.js';
import { fetchFile, type HttpRequest } from './http-file.js';
import { printable } from './http-request.js';
import type { ModelFolder, ReadContext } from './model-folder.js';

/** What all requests of a folder have in common. */
export type HttpFolderOptions = Pick<HttpRequest, 'token' | 'explain'>;

/** `file` inside the folder `url`, which may lack its last slash and may have a query, which is kept. */
function urlInside(url: URL, file: string): URL {
  const inside = new URL(url);
  const path = file.split('/').map(encodeURIComponent).join('/');
  inside.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  inside.hash = '';
  return inside;
}

/** `fetch` refuses such a URL with a message that repeats the password, so it does not get to see it. */
function refuseCredentials(url: URL): void {
  if (url.username === '' && url.password === '') return;
  throw new ModelError(
    'invalid-argument',
    `${printable(url)}: a URL with a user name or password cannot be fetched`,
    { remedy: { code: 'pass-fetch', reason: 'credentials' } },
  );
}

/** A file that is given by an `http:`, `https:`, `data:` or `blob:` URL. */
export function fetchGivenFile(request: HttpRequest, context: ReadContext): Promise<Uint8Array | undefined> {
  if (/^https?:$/.test(request.url.protocol)) refuseCredentials(request.url);
  return fetchFile(request, context);
}

/** The folder at an `http:` or `https:` URL: a request a file. */
export function openHttpFolder(
  url: URL,
  origin: string,
  context: ReadContext,
  options: HttpFolderOptions = {},
): ModelFolder {
  refuseCredentials(url);
  return {
    origin,
    read: (path) => fetchFile({ ...options, url: urlInside(url, path), file: path }, context),
  };
}
