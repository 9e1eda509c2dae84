import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startLiteServer } from './lite-server.js';
import { startMilvusServer } from './milvus-server.js';
import { NotRunnable, type TestServer } from './test-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the broker for shared servers. */
    milvusServers: string;
  }
}

/** The servers that tests can share. */
export const SHARED: Readonly<Record<'lite' | 'milvus' | 'milvus-secured', () => Promise<TestServer>>> = {
  lite: startLiteServer,
  milvus: startMilvusServer,
  'milvus-secured': () => startMilvusServer({ auth: true, tls: true }),
};

/**
 * Starts each shared server on first request, so that runs without such tests pay nothing, and stops them after the
 * last test. If a run is killed, they end too, because they are guarded processes of this one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<TestServer>>();
  const broker = createServer((request, response) => {
    const kind = (request.url ?? '').slice(1);
    const start = (SHARED as Readonly<Record<string, () => Promise<TestServer>>>)[kind];
    const server = started.get(kind) ?? start?.() ?? Promise.reject(new Error(`no server ${kind}`));
    started.set(kind, server);
    const reply = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    server.then(
      ({ name, address, connect, folder }) => reply(200, { name, address, connect, folder }),
      (error: Error) => reply(error instanceof NotRunnable ? 404 : 500, { problem: error.message }),
    );
  });
  // The first answer may take the minutes that pip needs.
  broker.requestTimeout = 0;
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  broker.unref();
  project.provide('milvusServers', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.close();
    const stops = [...started.values()].map((server) => server.then((found) => found.stop()));
    await Promise.allSettled(stops);
  };
}
