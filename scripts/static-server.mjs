// Serves one folder on a free loopback port, for tests that open pages.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createGzip } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Serves a folder like a static host: the URL of a folder returns its `index.html`. With `ranges`, parts of files too. */
export async function serveFolder(
  folder,
  {
    isolated = false,
    contentSecurityPolicy,
    without,
    anyOrigin = false,
    compressed = false,
    ranges = false,
  } = {},
) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = normalize(decodeURIComponent(pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || without?.test(pathname)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const isCompressed = compressed && /^text|json|svg/.test(type);
    const [, start = 0, end = found.size - 1] =
      (ranges && /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')?.map(Number)) || [];
    const last = Math.min(end, found.size - 1);
    const isPart = last - start + 1 < found.size;
    response.writeHead(isPart ? 206 : 200, {
      'content-type': type,
      ...(isCompressed ? { 'content-encoding': 'gzip' } : { 'content-length': last - start + 1 }),
      ...(isPart && { 'content-range': `bytes ${start}-${last}/${found.size}` }),
      ...(ranges && { etag: `"${found.mtimeMs}"`, 'access-control-expose-headers': 'Content-Range, ETag' }),
      ...(contentSecurityPolicy !== undefined && { 'content-security-policy': contentSecurityPolicy }),
      ...(anyOrigin && {
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      }),
      ...(isolated && {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
    });
    const content = createReadStream(file, { start, end: last });
    (isCompressed ? content.pipe(createGzip()) : content).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
