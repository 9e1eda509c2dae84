import { request } from 'node:http';
import { describe, inject, test } from 'vitest';
import type { SHARED } from './global-setup.js';
import { NotRunnable, type TestAddress } from './test-server.js';

/** A server shared by all tests of a run; they use different collection names. */
export type SharedServer = keyof typeof SHARED;

/**
 * A shared server, started by the first call.
 *
 * @throws NotRunnable if it cannot run on this machine
 */
export async function sharedServer(kind: SharedServer): Promise<TestAddress> {
  const { status, body } = await get(`${inject('milvusServers')}/${kind}`);
  const found = JSON.parse(body) as TestAddress & { problem?: string };
  if (status === 404) throw new NotRunnable(found.problem);
  if (status !== 200) throw new Error(found.problem);
  return found;
}

/**
 * A suite on a server: `start` runs when the file is collected. If the server cannot run on this machine, the suite
 * contains one skipped test instead, which is named in the output.
 *
 * @param suite - with `concurrent` its tests run at the same time
 */
export async function describeOn<Server extends { readonly name: string }>(
  what: string,
  start: () => Promise<Server>,
  suite: (server: Server) => void,
  options: { readonly concurrent?: boolean } = {},
): Promise<void> {
  let server: Server;
  try {
    server = await start();
  } catch (error) {
    if (!(error instanceof NotRunnable)) throw error;
    describe(what, () => test.skip('runs'));
    nameSkipped(what, error.message);
    return;
  }
  describe(`${what}, on ${server.name}`, options, () => suite(server));
}

/** Names a skipped test in the output, which the count of all tests requires. */
export function nameSkipped(what: string, why: string): void {
  process.stdout.write(`SKIPPED ${what}: ${why.replaceAll(/\s+/g, ' ')}\n`);
}

/** `fetch` would give up after five minutes, and a slow pip may take longer. */
function get(url: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}
