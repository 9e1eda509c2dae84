import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { MilvusClient } from '@zilliz/milvus2-sdk-node';
import type { LiteSupervisor } from '../lite/lite-supervisor.js';
import { abortedError, invalidArgument, MilvusError } from '../milvus-error.js';
import type { MilvusRemedy } from '../remedy.js';
import { withRetries } from './back-off.js';
import { capabilitiesOf, type MilvusServer, serverFromVersion } from './capabilities.js';
import { isLoopback, parseAddress } from './milvus-address.js';
import { MilvusChannel } from './milvus-channel.js';
import { MilvusConnection } from './milvus-connection.js';
import type { MilvusOptions, TlsOptions } from './milvus-options.js';

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_CONNECT_TIMEOUT = 10_000;

/**
 * Connects to a Milvus server, to Zilliz Cloud, or to Milvus Lite in a folder, which is started unless it runs. Resolves
 * when the server has accepted the login.
 *
 * @param target - an address (see {@link MilvusOptions.address}), or options
 * @throws {@link MilvusError}: `unreachable`, `refused`, `invalid-argument`, `not-found` (the database), `aborted`
 * @example
 * ```ts
 * import { connectMilvus } from '@model2vec-ts/milvus-adapter';
 *
 * const local = await connectMilvus('http://localhost:19530');
 * console.log(local.server.kind, local.server.version, local.capabilities.fullText);
 * await local.close();
 *
 * const cloud = await connectMilvus({ address: 'https://in01-0123.zillizcloud.com', token: 'db_admin:secret' });
 * await cloud.close();
 * ```
 */
export async function connectMilvus(target: string | MilvusOptions): Promise<MilvusConnection> {
  const options = checkedOptions(target);
  const parsed = parseAddress(options.address);
  if (options.signal?.aborted) throw abortedError(options.signal, 'connecting to Milvus');
  if (parsed.kind === 'server') {
    return await openConnection({ ...options, database: options.database ?? parsed.database }, parsed);
  }
  const lite = await startLite(parsed.folder, options);
  try {
    return await openConnection(options, { host: lite.address, secure: false }, lite, parsed.folder);
  } catch (error) {
    await lite.stop();
    throw error;
  }
}

type ConnectOptions = Omit<MilvusOptions, 'database'> & { readonly database?: string | undefined };

function checkedOptions(target: unknown): MilvusOptions {
  const options = typeof target === 'string' ? { address: target } : target;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidArgument('the target of connectMilvus', 'an address or options', target);
  }
  const found = options as MilvusOptions;
  for (const name of ['token', 'user', 'password', 'database'] as const) {
    const value = found[name] as unknown;
    // The value is not shown, because it may be the secret.
    if (value !== undefined && typeof value !== 'string') {
      throw new MilvusError('invalid-argument', `option ${name} must be a string; found ${typeof value}`);
    }
  }
  if ((found.user === undefined) !== (found.password === undefined)) {
    throw new MilvusError(
      'invalid-argument',
      'options user and password go together; found only one of them',
    );
  }
  for (const name of ['timeout', 'connectTimeout', 'waitFor'] as const) {
    const value = found[name] as unknown;
    if (value !== undefined && (typeof value !== 'number' || !(value >= 0))) {
      throw invalidArgument(`option ${name}`, 'milliseconds', value);
    }
  }
  return found;
}

async function startLite(folder: string, options: MilvusOptions): Promise<LiteSupervisor> {
  // Loaded on demand, because servers need neither Python nor child processes.
  const { LiteSupervisor } = await import('../lite/lite-supervisor.js');
  return await LiteSupervisor.start(folder, {
    ...options.lite,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

async function openConnection(
  options: ConnectOptions,
  { host, secure }: { readonly host: string; readonly secure: boolean },
  supervisor?: LiteSupervisor,
  folder?: string,
): Promise<MilvusConnection> {
  const { connectTimeout = DEFAULT_CONNECT_TIMEOUT, timeout = DEFAULT_TIMEOUT, signal } = options;
  const address = folder ?? `${secure ? 'https' : 'http'}://${host}`;
  const tls = await tlsSettings(options.tls ?? secure, host);
  const client = newClient(options, host, tls, timeout);
  const channels: MilvusChannel[] = [];
  supervisor?.onRestart((newHost) => {
    // A new client, because the old one would pause before it connects again, and the port may have changed.
    const old = channels[0]?.client;
    const next = newClient(options, newHost, tls, timeout);
    for (const channel of channels) channel.useClient(next);
    // Closing fails only for connections that are broken already.
    void Promise.resolve(old?.closeConnection()).catch(() => {});
  });
  try {
    const hello = new MilvusChannel(client, { address, timeout: connectTimeout, lite: false, supervisor });
    channels.push(hello);
    const reply = await withRetries(
      () => hello.call<{ version: string }>('GetVersion', {}, { what: 'connecting to Milvus', signal }),
      (error) => MilvusError.isInstance(error) && error.retriable,
      {
        retryFor: options.waitFor ?? (supervisor === undefined ? 0 : connectTimeout),
        ...(signal ? { signal } : {}),
      },
    );
    const server: MilvusServer = serverFromVersion(reply.version ?? '', host);
    const channel = new MilvusChannel(hello.client, {
      address,
      timeout,
      lite: server.kind === 'lite',
      supervisor,
    });
    channels.push(channel);
    if (options.database !== undefined) await requireDatabase(channel, options.database);
    const database = options.database ?? 'default';
    const capabilities = await capabilitiesOf(server, { knows: (method) => knowsCall(channel, method) });
    const onClose = async (): Promise<void> => await supervisor?.stop();
    return new MilvusConnection({ channel, server, capabilities, address, database, onClose });
  } catch (error) {
    await (channels[0]?.client ?? client).closeConnection();
    throw withRemedy(error, address, options);
  }
}

type SdkTls = NonNullable<Extract<ConstructorParameters<typeof MilvusClient>[0], object>['tls']>;

function newClient(
  options: ConnectOptions,
  host: string,
  tls: SdkTls | undefined,
  timeout: number,
): MilvusClient {
  const client = new MilvusClient({
    // The SDK derives TLS from the scheme of the address.
    address: `${tls === undefined ? 'http' : 'https'}://${host}`,
    timeout,
    // Otherwise the environment decides, and the SDK prints every request in test runs.
    logLevel: 'error',
    telemetry: { enabled: false },
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.user === undefined ? {} : { username: options.user, password: options.password! }),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(tls === undefined ? {} : { tls, ssl: true }),
    channelOptions: {
      // grpc-js would use the proxy of the environment even for this machine.
      ...(isLoopback(host) ? { 'grpc.enable_http_proxy': 0 } : {}),
      // By default, grpc-js waits up to two minutes before it reconnects to a restarted server.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
      'grpc.dns_min_time_between_resolutions_ms': 2000,
      // The SDK pings every 10 s and gives up after 5 s. Servers take such frequent pings for an attack, and a thread
      // that embeds for more than 5 s would lose its connection.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 30_000,
    },
  });
  // Nothing else awaits this promise, and an unhandled rejection would end the process.
  client.connectPromise.catch(() => {});
  return client;
}

async function tlsSettings(tls: boolean | TlsOptions, host: string): Promise<SdkTls | undefined> {
  if (tls === false) return undefined;
  if (tls === true) return {};
  const [rootCert, certChain, privateKey] = await Promise.all([
    pemBytes('rootCertificate', tls.rootCertificate),
    pemBytes('clientCertificate', tls.clientCertificate),
    pemBytes('clientKey', tls.clientKey),
  ]);
  if ((certChain === undefined) !== (privateKey === undefined)) {
    throw new MilvusError('invalid-argument', 'options clientCertificate and clientKey go together');
  }
  if (tls.verify === false && privateKey !== undefined) {
    throw new MilvusError(
      'invalid-argument',
      `verify: false and a client certificate do not go together (${host})`,
    );
  }
  return {
    ...(rootCert ? { rootCert } : {}),
    ...(certChain ? { certChain } : {}),
    ...(privateKey ? { privateKey } : {}),
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    ...(tls.verify === false ? { skipCertCheck: true } : {}),
  };
}

async function pemBytes(name: string, found: string | Uint8Array | undefined): Promise<Buffer | undefined> {
  if (found === undefined) return undefined;
  if (typeof found !== 'string') return Buffer.from(found);
  if (found.includes('-----BEGIN')) return Buffer.from(found);
  if (!existsSync(found)) {
    throw new MilvusError(
      'invalid-argument',
      `option ${name} must be PEM text or the path of a file; ${found} does not exist`,
    );
  }
  return await readFile(found);
}

async function requireDatabase(channel: MilvusChannel, database: string): Promise<void> {
  const what = `looking for database ${database}`;
  let names: readonly string[];
  try {
    names = (await channel.call<{ db_names: string[] }>('ListDatabases', {}, { what })).db_names;
  } catch (error) {
    // A login may have access to a database without the right to list databases.
    if (MilvusError.isInstance(error) && (error.code === 'refused' || error.code === 'unsupported')) return;
    throw error;
  }
  if (names.includes(database)) return;
  throw new MilvusError(
    'not-found',
    `${what} at ${channel.address}: it does not exist; the server has ${names.join(', ')}`,
  );
}

async function knowsCall(channel: MilvusChannel, method: string): Promise<boolean> {
  try {
    await channel.call(method, {}, { what: `asking for ${method}` });
    return true;
  } catch (error) {
    return MilvusError.isInstance(error) && error.code !== 'unsupported';
  }
}

/** Adds a remedy to errors of the first calls, because the server's words rarely suggest one. */
function withRemedy(error: unknown, address: string, options: ConnectOptions): MilvusError {
  if (!MilvusError.isInstance(error)) {
    return new MilvusError('server', `connecting to Milvus at ${address} failed`, { cause: error });
  }
  const remedy = error.remedy ?? remedyFor(error, options);
  if (remedy === undefined || remedy === error.remedy) return error;
  return new MilvusError(error.code, error.summary, {
    cause: error,
    remedy,
    retriable: error.retriable,
    serverCode: error.serverCode,
  });
}

function remedyFor(error: MilvusError, options: ConnectOptions): MilvusRemedy | undefined {
  if (error.code === 'unreachable') return { code: 'check-server' };
  const hasLogin = options.token !== undefined || options.user !== undefined;
  // A failed TLS handshake has a remedy of its own and says nothing about a login.
  return error.code === 'refused' && !hasLogin ? { code: 'log-in' } : undefined;
}
