import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** How to serve. */
export interface StaticServerOptions {
  /** Send the headers with which a page may share memory with its workers. */
  readonly isolated: boolean;
  /** What the page may do, as the header of that name says it. */
  readonly contentSecurityPolicy?: string;
  /** Paths that are not found, whatever the folder has. */
  readonly without?: RegExp;
}

/** A server of the files of one folder. */
export interface StaticServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves a folder on a free port of the loopback address. */
export async function serveFolder(
  folder: string,
  { isolated, contentSecurityPolicy, without }: StaticServerOptions,
): Promise<StaticServer> {
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(folder, normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || without?.test(pathname)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': found.size,
      ...(contentSecurityPolicy !== undefined && { 'content-security-policy': contentSecurityPolicy }),
      ...(isolated && {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
