import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callVersion } from '../../src/lite/version-call.js';
import { freePorts } from './free-ports.js';
import { GuardedProcess } from './guarded-process.js';
import { pythonEnvironment } from './python-environment.js';
import type { TestServer } from './test-server.js';

/**
 * Milvus Lite started by its own command, on a port that stays the same over restarts.
 *
 * @throws NotRunnable if it cannot run
 */
export async function startLiteServer(): Promise<TestServer> {
  const python = await pythonEnvironment('milvus-lite');
  const root = await mkdtemp(join(tmpdir(), 'm2v-lite-'));
  const folder = join(root, 'data');
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const start = async (): Promise<GuardedProcess> => {
    const command = ['-m', 'milvus_lite.cmdline', 'server', '--data-dir', folder, '--host', '127.0.0.1'];
    const started = new GuardedProcess(python, root, [python, ...command, '--port', String(port)]);
    const answers =
      (await started.prints(/listening on/, 60_000)) && (await callVersion(address, 10_000)) !== undefined;
    if (answers) return started;
    await started.kill();
    throw new Error(`Milvus Lite did not start on ${address}: ${started.output}`);
  };
  let running = await start();
  return {
    name: 'Milvus Lite 3.2.2',
    address,
    connect: { address: `http://${address}` },
    folder,
    restart: async () => {
      await running.stop();
      running = await start();
    },
    kill: () => running.kill(),
    stop: async () => {
      await running.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
