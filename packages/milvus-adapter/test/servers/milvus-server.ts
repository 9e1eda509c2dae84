import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { MilvusOptions } from '../../src/connection/milvus-options.js';
import { makeCertificates } from './certificates.js';
import { freePorts } from './free-ports.js';
import { GuardedProcess } from './guarded-process.js';
import { CACHE, pythonEnvironment, withFolderLock } from './python-environment.js';
import { NotRunnable, type TestServer } from './test-server.js';

const run = promisify(execFile);

/** Requirements of the server. */
export interface MilvusServerOptions {
  /** A login; the one user is root with the password Milvus. */
  readonly auth?: boolean;
  /** TLS with a server certificate. */
  readonly tls?: boolean;
  /**
   * Seconds for which a killed server still counts as alive, so every start after a kill waits this long. A server that
   * gets no processor time for this long ends itself, so use few seconds only if it is killed.
   *
   * @defaultValue 60
   */
  readonly sessionSeconds?: number;
}

const LAUNCHER = fileURLToPath(new URL('./milvus-launcher.py', import.meta.url));

const PORTS = [
  'proxy-port',
  'proxy-internal-port',
  'root-coord-port',
  'query-coord-port',
  'query-node-port',
  'index-coord-port',
  'index-node-port',
  'data-coord-port',
  'data-node-port',
] as const;

/**
 * The standalone server in the `milvus` package, version 2.3.5, which contains the real binary. It listens on every
 * address of the machine, because only Milvus 2.4 and newer can be restricted.
 *
 * @throws NotRunnable if it cannot run
 */
export async function startMilvusServer(options: MilvusServerOptions = {}): Promise<TestServer> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new NotRunnable(`Milvus 2.3.5 comes for linux-x64, not for ${process.platform}-${process.arch}`);
  }
  const python = await pythonEnvironment('milvus-server');
  const root = await mkdtemp(join(tmpdir(), 'm2v-milvus-'));
  try {
    return await startIn(root, python, options);
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(root: string, python: string, options: MilvusServerOptions): Promise<TestServer> {
  const { auth = false, tls = false, sessionSeconds = 60 } = options;
  const [web, etcdClient, etcdPeer, ...others] = await freePorts(PORTS.length + 3);
  const folder = join(root, 'data');
  await mkdir(folder);
  await symlink(await unpackedBinaries(python), join(folder, 'bin'));
  const certificates = tls ? await makeCertificates(root) : undefined;
  const etcd = join(root, 'etcd.json');
  await writeFile(etcd, JSON.stringify(etcdSettings(join(folder, 'etcd'), etcdClient!, etcdPeer!)));
  const flags = [
    ...['--data', folder, '--etcd-port', String(etcdClient)],
    ...['--extra-config', `common.session.ttl=${sessionSeconds}`],
    ...PORTS.flatMap((name, i) => [`--${name}`, String(others[i])]),
    // The launcher treats any text as true, so false means leaving out the flag.
    ...(auth ? ['--authorization-enabled', 'true'] : []),
    ...(certificates === undefined
      ? []
      : [
          ...['--tls-mode', '1', '--server-pem-path', certificates.certificate],
          ...['--server-key-path', certificates.key, '--ca-pem-path', certificates.authority],
        ]),
  ];
  const start = async (): Promise<GuardedProcess> => {
    const command = [python, LAUNCHER, String(web), ...flags];
    // The embedded etcd has no flags for its own ports, which would be 2379 and 2380 for every server on the machine.
    const started = new GuardedProcess(python, root, command, { ETCD_CONFIG_PATH: etcd });
    // The launcher prints this when the server reports healthy, which is before it accepts clients.
    const healthy = await started.prints(/Welcome to use Milvus/, 150_000);
    if (healthy && (await listens(others[0]!, 90_000))) return started;
    await started.kill();
    throw new Error(`Milvus 2.3.5 did not start on port ${others[0]}: ${started.output}`);
  };
  let running = await start();
  const address = `127.0.0.1:${others[0]}`;
  const clientOptions: MilvusOptions = {
    address: `${tls ? 'https' : 'http'}://${address}`,
    ...(auth ? { user: 'root', password: 'Milvus' } : {}),
    ...(certificates === undefined
      ? {}
      : { tls: { rootCertificate: certificates.authority, serverName: 'localhost' } }),
  };
  const asking = [auth ? 'a login' : '', tls ? 'TLS' : ''].filter((part) => part !== '').join(' and ');
  return {
    name: `Milvus 2.3.5${asking === '' ? '' : ` with ${asking}`}`,
    address,
    connect: clientOptions,
    folder,
    restart: async () => {
      // An orderly stop with a loaded collection takes more than half a minute, and the launcher kills the server after
      // one second. Milvus keeps acknowledged rows, so killing it at once loses nothing.
      await running.kill();
      running = await start();
    },
    kill: () => running.kill(),
    stop: async () => {
      // Its data is discarded, so nothing needs an orderly stop.
      await running.kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function listens(port: number, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (connected) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function etcdSettings(folder: string, client: number, peer: number): object {
  const clientUrl = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  return {
    name: 'default',
    'data-dir': folder,
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
  };
}

/** The folder of the server's binaries, unpacked once, because it takes ten seconds and 250 MB per start otherwise. */
async function unpackedBinaries(python: string): Promise<string> {
  const folder = join(CACHE, 'milvus-2.3.5');
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    await withFolderLock('milvus-2.3.5', async () => {
      if (existsSync(whole)) return;
      await run(python, ['-c', 'import sys, milvus; milvus._initialize_data_files(sys.argv[1])', folder]);
      await writeFile(whole, '');
    });
  }
  return join(folder, 'bin');
}
