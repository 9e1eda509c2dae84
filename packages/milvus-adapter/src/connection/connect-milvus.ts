import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { MilvusClient } from '@zilliz/milvus2-sdk-node';
import type { LiteSupervisor } from '../lite/lite-supervisor.js';
import { abortedError, invalidArgument, MilvusError } from '../milvus-error.js';
import { withRetries } from './back-off.js';
import { capabilitiesOf, type MilvusServer, serverFromVersion } from './capabilities.js';
import { isLoopback, parseAddress } from './milvus-address.js';
import { MilvusChannel, type ServerSupervisor } from './milvus-channel.js';
import { MilvusConnection } from './milvus-connection.js';
import type { MilvusOptions, TlsOptions } from './milvus-options.js';

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_CONNECT_TIMEOUT = 10_000;

/**
 * Connects to a Milvus server, to Zilliz Cloud, or to Milvus Lite in a folder, which is started where it is not
 * running. Resolves when the server has answered and has accepted the login.
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
    return await openConnection(
      { ...options, database: options.database ?? parsed.database },
      parsed,
      async () => {},
    );
  }
  const lite = await startLite(parsed.folder, options);
  try {
    const server = parseAddress(lite.address);
    if (server.kind !== 'server')
      throw invalidArgument('the address of Milvus Lite', 'host:port', lite.address);
    return await openConnection(options, server, () => lite.stop(), lite);
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
    // Never shows what was found: it may be the secret itself.
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
  // Loaded only when asked for: servers need neither Python nor child processes.
  const { LiteSupervisor } = await import('../lite/lite-supervisor.js');
  return await LiteSupervisor.start(folder, {
    ...options.lite,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

async function openConnection(
  options: ConnectOptions,
  { host, secure }: { readonly host: string; readonly secure: boolean },
  onClose: () => Promise<void>,
  supervisor?: ServerSupervisor,
): Promise<MilvusConnection> {
  const { connectTimeout = DEFAULT_CONNECT_TIMEOUT, timeout = DEFAULT_TIMEOUT, signal } = options;
  const address = `${secure ? 'https' : 'http'}://${host}`;
  const client = newClient(options, host, await tlsSettings(options.tls ?? secure, host), timeout);
  try {
    const hello = new MilvusChannel(client, { address, timeout: connectTimeout, lite: false });
    const reply = await withRetries(
      () => hello.call<{ version: string }>('GetVersion', {}, { what: 'connecting to Milvus', signal }),
      (error) => MilvusError.isInstance(error) && error.code === 'unreachable' && error.retriable,
      { retryFor: options.waitFor ?? 0, ...(signal ? { signal } : {}) },
    );
    const server: MilvusServer = serverFromVersion(reply.version ?? '', host);
    const channel = new MilvusChannel(client, {
      address,
      timeout,
      lite: server.kind === 'lite',
      supervisor,
    });
    if (options.database !== undefined) await requireDatabase(channel, options.database);
    const database = options.database ?? 'default';
    const capabilities = await capabilitiesOf(server, { knows: (method) => knowsCall(channel, method) });
    return new MilvusConnection({ client, channel, server, capabilities, address, database, onClose });
  } catch (error) {
    await client.closeConnection();
    throw withAdvice(error, address, options);
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
    // The SDK takes its security from the scheme of the address.
    address: `${tls === undefined ? 'http' : 'https'}://${host}`,
    timeout,
    // Otherwise the environment decides, and the SDK prints every request in tests.
    logLevel: 'error',
    telemetry: { enabled: false },
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.user === undefined ? {} : { username: options.user, password: options.password! }),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(tls === undefined ? {} : { tls, ssl: true }),
    channelOptions: {
      // grpc-js sends calls to this machine, too, through the proxy of the environment unless NO_PROXY names it.
      ...(isLoopback(host) ? { 'grpc.enable_http_proxy': 0 } : {}),
      // grpc-js waits up to two minutes before it looks again for a server that was restarted.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
      'grpc.dns_min_time_between_resolutions_ms': 2000,
      // The SDK asks every 10 s whether the server is there and gives up after 5 s: servers take the one for an attack,
      // and a thread that embeds for longer than the other loses its connection.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 30_000,
    },
  });
  // Without this, a server that does not answer ends the process: nothing else waits for the promise.
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
      `option ${name} must be PEM text or the path of a file; no file ${found}`,
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
    // A login may be allowed in a database without being allowed to list them.
    if (MilvusError.isInstance(error) && (error.code === 'refused' || error.code === 'unsupported')) return;
    throw error;
  }
  if (names.includes(database)) return;
  throw new MilvusError(
    'not-found',
    `${what} at ${channel.address}: there is none; there are ${names.join(', ')}`,
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

/** Adds what to do to errors of the first call, where the reason is seldom in the server's words. */
function withAdvice(error: unknown, address: string, options: ConnectOptions): MilvusError {
  if (!MilvusError.isInstance(error)) {
    return new MilvusError('server', `connecting to Milvus at ${address} failed`, { cause: error });
  }
  const advice = adviceFor(error, options);
  if (advice === undefined) return error;
  return new MilvusError(error.code, `${error.message}; ${advice}`, {
    cause: error,
    retriable: error.retriable,
    ...(error.serverCode === undefined ? {} : { serverCode: error.serverCode }),
  });
}

function adviceFor(error: MilvusError, options: ConnectOptions): string | undefined {
  if (error.code === 'unreachable') {
    return 'is Milvus running there, and is the port its gRPC port (19530 unless configured)?';
  }
  if (error.code !== 'refused') return undefined;
  const hasLogin = options.token !== undefined || options.user !== undefined;
  return hasLogin ? undefined : 'this server asks for a login: give token, or user and password';
}
