import { ModelError } from '../model-error.js';
import { fetchFile, type HttpRequest } from './http-file.js';
import { printable } from './http-request.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { passFetch } from './source-remedies.js';

/** What all requests of a folder share. */
export type HttpFolderOptions = Pick<HttpRequest, 'token' | 'explain'>;

/** URL of `file` inside the folder `url`, which may lack its last slash; a query is kept. */
function urlInside(url: URL, file: string): URL {
  const inside = new URL(url);
  const path = file.split('/').map(encodeURIComponent).join('/');
  inside.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  inside.hash = '';
  return inside;
}

/** Checked first, because `fetch` would repeat the password in its error message. */
function refuseCredentials(url: URL): void {
  if (url.username === '' && url.password === '') return;
  throw new ModelError(
    'invalid-argument',
    `${printable(url)}: a URL with a user name or password cannot be fetched`,
    passFetch('credentials'),
  );
}

/** Fetches a file given by a URL of any scheme that `fetch` takes. */
export function fetchGivenFile(request: HttpRequest, context: ReadContext): Promise<Uint8Array | undefined> {
  refuseCredentials(request.url);
  return fetchFile(request, context);
}

/** Opens the folder at a URL; each file is one request. */
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
