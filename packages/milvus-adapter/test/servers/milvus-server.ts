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

/** What the server asks of its clients. */
export interface MilvusServerOptions {
  /** A login; the one user is root with the password Milvus. */
  readonly auth?: boolean;
  /** TLS with a certificate of the server's. */
  readonly tls?: boolean;
  /**
   * Seconds for which a killed server counts as there, so that every start after a kill waits as long. A server that a
   * busy machine does not run for so long ends itself, so that few are for those that are killed.
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
 * The standalone server of the `milvus` package, version 2.3.5, which has its real binary inside. It listens on every
 * address of the machine: only Milvus 2.4 and newer can be told otherwise.
 *
 * @throws NotRunnable where it cannot run
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
    // The launcher's booleans are true for any text, so false is leaving the flag out.
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
    // The embedded etcd knows no flag for its own ports, which else are 2379 and 2380 for every server of a machine.
    const started = new GuardedProcess(python, root, command, { ETCD_CONFIG_PATH: etcd });
    // The launcher prints this when the server says that it is healthy, which is before it listens to clients.
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
      // Asked to stop, a server with a loaded collection takes more than half a minute, and the launcher kills it after
      // one second. Milvus keeps what it has confirmed, so killing it right away loses nothing.
      await running.kill();
      running = await start();
    },
    kill: () => running.kill(),
    stop: async () => {
      // Its data is thrown away, so nothing has to be written in order.
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

/** The folder of the server's binaries, unpacked once: it takes ten seconds and 250 MB, and every start would do it. */
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
