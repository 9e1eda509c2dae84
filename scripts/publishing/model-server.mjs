import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

const hashOf = (algorithm, ...parts) => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/**
 * Serves the files of a model on the loopback address, as the Hub does under the id `org/model`, and as a folder under
 * `/files/`. Other ids do not exist.
 */
export async function serveModel(paths) {
  const files = new Map(paths.map((path) => [basename(path), readFileSync(path)]));
  const listing = [...files].map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: hashOf('sha1', `blob ${bytes.length}\0`, bytes),
    ...(path.endsWith('.safetensors') && {
      lfs: { oid: hashOf('sha256', bytes), size: bytes.length, pointerSize: 134 },
    }),
  }));
  const json = (response, status, value, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const isFolder = pathname.startsWith('/files/');
    if (!isFolder && !/^\/(?:api\/models\/)?org\/model\//.test(pathname))
      return json(response, 404, { error: 'not found' }, { 'x-error-code': 'RepoNotFound' });
    if (/\/revision\//.test(pathname)) return json(response, 200, { sha: 'a'.repeat(40) });
    if (/\/tree\//.test(pathname)) return json(response, 200, listing);
    const bytes = files.get(basename(pathname));
    if (bytes === undefined)
      return json(response, 404, { error: 'not found' }, { 'x-error-code': 'EntryNotFound' });
    const { oid, lfs } = listing.find(({ path }) => path === basename(pathname));
    response.writeHead(200, { 'content-length': bytes.length, etag: `"${lfs?.oid ?? oid}"` }).end(bytes);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
