import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callVersion } from '../../src/lite/version-call.js';
import { freePorts } from './free-ports.js';
import { startLiteServer } from './lite-server.js';
import { startMilvusServer } from './milvus-server.js';
import { pythonEnvironment } from './python-environment.js';
import { insertRow, makeCollection, storedKeys, withClient } from './sdk-client.js';
import { describeOn, sharedServer } from './shared-server.js';
import type { TestServer } from './test-server.js';

/** A start, a stop and a start again on a busy machine. */
const SLOW = 240_000;

for (const start of [startLiteServer, startMilvusServer]) {
  await describeOn('a server of one test', start, (server: TestServer) => {
    // Each start of Milvus 2.3.5 after a kill takes 20 seconds, and ../faults.test.ts needs all of this of it.
    if (start === startLiteServer)
      test(
        'keeps its port and data over a restart and a kill',
        async () => {
          await withClient(server, async (client) => {
            await makeCollection(client, 'kept');
            await insertRow(client, 'kept', 1);
            await client.flushSync({ collection_names: ['kept'] });
          });
          await server.restart();
          await withClient(server, async (client) => {
            await client.loadCollectionSync({ collection_name: 'kept' });
            expect(await storedKeys(client, 'kept')).toEqual([1]);
            await insertRow(client, 'kept', 2);
          });
          await server.kill();
          expect(await callVersion(server.address, 500)).toBeUndefined();
          await server.restart();
          await withClient(server, async (client) => {
            await client.loadCollectionSync({ collection_name: 'kept' });
            expect(await storedKeys(client, 'kept')).toEqual([1, 2]);
          });
        },
        SLOW,
      );

    test('is gone with its data when it is stopped', { timeout: SLOW }, async () => {
      expect(existsSync(server.folder)).toBe(true);
      await server.stop();
      expect(existsSync(server.folder)).toBe(false);
      expect(await callVersion(server.address, 500)).toBeUndefined();
    });
  });
}

await describeOn(
  'the secured server',
  () => sharedServer('milvus-secured'),
  (server) => {
    test('admits only clients with the password and its certificate authority', async () => {
      const { status } = await withClient(server, (client) => client.listCollections());
      expect(status.error_code).toBe('Success');
      const wrong = { ...server, connect: { ...server.connect, password: 'wrong' } };
      await expect(withClient(wrong, (client) => client.listCollections())).rejects.toThrow(/auth/i);
      expect(await callVersion(server.address, 500)).toBeUndefined();
    });

    test('is shared by all who request it', async () => {
      expect(await sharedServer('milvus-secured')).toEqual(server);
    });
  },
);

await describeOn(
  'a guarded process',
  async () => ({ name: 'Python', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    test('ends, with its folder, when the process that started it is killed', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'm2v-guarded-'));
      // Removing these takes longer than the process takes to end.
      await Promise.all(Array.from({ length: 100 }, (_, i) => writeFile(join(folder, `${i}`), 'data')));
      const guard = fileURLToPath(new URL('./guarded-process.py', import.meta.url));
      const [port] = await freePorts(1);
      const server = `import socket, time; s = socket.create_server(('127.0.0.1', ${port})); print('up', flush=True); time.sleep(60)`;
      const holder = `
        const { spawn } = require('node:child_process');
        const args = ${JSON.stringify([guard, folder, python, '-c', server])};
        const child = spawn(${JSON.stringify(python)}, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
        child.stdout.pipe(process.stdout);
      `;
      const parent = spawn(process.execPath, ['-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => parent.stdout.once('data', resolve));
      parent.kill('SIGKILL');
      await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
      // The port is free only when its server is gone.
      const { createServer } = await import('node:net');
      const again = createServer();
      await new Promise<void>((resolve, reject) => {
        again.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
      again.close();
    });
  },
);
