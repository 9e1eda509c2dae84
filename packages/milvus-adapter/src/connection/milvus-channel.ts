import {
  type CallOptions as GrpcCallOptions,
  InterceptingCall,
  type InterceptorOptions,
  type NextCall,
  type ServiceError,
} from '@grpc/grpc-js';
import type { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { abortedError, MilvusError } from '../milvus-error.js';
import { withRetries } from './back-off.js';
import { grpcError, type ServerStatus, statusError } from './server-status.js';
import { inTurn } from './write-turns.js';

/** Options of one call. */
export interface CallOptions {
  /** What the call does, which begins the message of an error. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds for the answer.
   *
   * @defaultValue the channel's timeout
   */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds during which a retriable failure is retried.
   *
   * @defaultValue 0
   */
  readonly retryFor?: number | undefined;
  /**
   * Which of the retriable failures are retried.
   *
   * @defaultValue all
   */
  readonly isRetriable?: (error: MilvusError) => boolean;
}

/** Keeps a server running. */
export interface ServerSupervisor {
  /** Why the server is gone, unless it runs or starts. */
  readonly trouble: MilvusError | undefined;
  /** Resolves after a restart that is under way, and begins one if the server is gone. */
  ready(signal?: AbortSignal): Promise<void>;
}

/** How a channel reaches its server. */
export interface ChannelOptions {
  /** Name of the server in messages: its address, or the folder of Milvus Lite. */
  readonly address: string;
  /** Milliseconds for an answer. */
  readonly timeout: number;
  readonly lite: boolean;
  readonly supervisor?: ServerSupervisor | undefined;
}

/** A method of Milvus' service, as @grpc/grpc-js puts it on a client. */
interface Method {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

type ServiceClient = Readonly<Record<string, Method | undefined>> & {
  makeUnaryRequest(
    path: string,
    serialize: (request: object) => Buffer,
    deserialize: (bytes: Buffer) => unknown,
    request: object,
    options: Partial<GrpcCallOptions>,
    callback: (error: ServiceError | null, reply?: unknown) => void,
  ): { cancel(): void };
};

/** The used parts of the SDK's client: its pool of gRPC clients, and the metadata of each call. */
interface SdkInternals {
  readonly channelPool?: {
    acquire(): PromiseLike<ServiceClient>;
    release(client: ServiceClient): PromiseLike<void>;
  };
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Calls of Milvus' service over the SDK's gRPC clients (their address, TLS, login and database), but without the SDK's
 * interceptors: those format every request as JSON for a log that is off, turn "not implemented" into success, and
 * retry calls that must not run twice.
 */
export class MilvusChannel {
  /** Name of the server in messages: its address, or the folder of Milvus Lite. */
  readonly address: string;
  readonly lite: boolean;
  #client: MilvusClient;
  readonly #timeout: number;
  readonly #supervisor: ServerSupervisor | undefined;
  #closed = false;

  constructor(client: MilvusClient, options: ChannelOptions) {
    this.#client = client;
    this.#supervisor = options.supervisor;
    this.address = options.address;
    this.lite = options.lite;
    this.#timeout = options.timeout;
  }

  /** The client whose connections are used. */
  get client(): MilvusClient {
    return this.#client;
  }

  /** Later calls use another client, because the server has moved. */
  useClient(client: MilvusClient): void {
    this.#client = client;
  }

  /** Later calls reject with `closed`. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Makes one call, whose reply has a status or is one.
   *
   * @param request - the fields of the message, or its bytes
   * @throws {@link MilvusError} if the server does not answer or reports a failure
   */
  async call<Reply>(method: string, request: object | Buffer, options: CallOptions): Promise<Reply> {
    const send = (): Promise<Reply> => this.#attempt<Reply>(method, request, options);
    const takesTurns = this.lite && WRITES.has(method);
    const attempt = takesTurns ? (): Promise<Reply> => inTurn(this.address, send) : send;
    if (!options.retryFor) return await attempt();
    const { isRetriable = () => true } = options;
    return await withRetries(
      attempt,
      (error) => MilvusError.isInstance(error) && error.retriable && isRetriable(error),
      {
        retryFor: options.retryFor,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
  }

  async #attempt<Reply>(method: string, request: object | Buffer, options: CallOptions): Promise<Reply> {
    const { what, signal, timeout = this.#timeout } = options;
    if (this.#closed) {
      throw new MilvusError('closed', `${what}: the connection to ${this.address} was closed by close()`, {
        remedy: { code: 'connect-again' },
      });
    }
    if (signal?.aborted) throw abortedError(signal, what);
    await this.#supervisor?.ready(signal);
    const { channelPool, metadata } = this.#client as unknown as SdkInternals;
    if (channelPool === undefined) {
      throw new MilvusError('unreachable', `${what}: the client has not connected to ${this.address} yet`);
    }
    const service = await channelPool.acquire();
    try {
      const reply = await this.#send(service, method, request, { what, signal, timeout, metadata });
      const error = statusError(statusOf(reply), `${what} at ${this.address}`, this.lite);
      if (error !== undefined) throw error;
      return reply as Reply;
    } catch (error) {
      const trouble = this.#supervisor?.trouble;
      if (trouble === undefined || !MilvusError.isInstance(error) || error.code !== 'unreachable')
        throw error;
      throw new MilvusError(trouble.code, `${what}: ${trouble.summary}`, {
        cause: error,
        remedy: trouble.remedy,
        retriable: trouble.retriable,
      });
    } finally {
      await channelPool.release(service);
    }
  }

  #send(
    service: ServiceClient,
    name: string,
    request: object | Buffer,
    call: {
      what: string;
      signal: AbortSignal | undefined;
      timeout: number;
      metadata: ReadonlyMap<string, string>;
    },
  ): Promise<unknown> {
    const { what, signal, timeout, metadata } = call;
    const method = service[name];
    if (method === undefined) {
      return Promise.reject(new MilvusError('unsupported', `${what}: the SDK has no call ${name}`));
    }
    const serialize = Buffer.isBuffer(request) ? asIs : method.requestSerialize;
    return new Promise((resolve, reject) => {
      const abort = (): void => running.cancel();
      const running = service.makeUnaryRequest(
        method.path,
        serialize as (request: object) => Buffer,
        method.responseDeserialize,
        request,
        // Interceptors of a call replace those of the client, so this one sends the login.
        { deadline: Date.now() + timeout, interceptors: [withMetadata(metadata)] },
        (error, reply) => {
          signal?.removeEventListener('abort', abort);
          if (error === null) resolve(reply ?? {});
          else if (signal?.aborted) reject(abortedError(signal, what));
          else reject(grpcError(error, what, this.address));
        },
      );
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

/** A reply has a status or is one; in the protocol, a missing status is success. */
function statusOf(reply: unknown): ServerStatus {
  const { status } = reply as { status?: ServerStatus | null };
  return status === undefined ? (reply as ServerStatus) : (status ?? { code: 0 });
}

/** Calls that change rows. */
const WRITES: ReadonlySet<string> = new Set(['Insert', 'Upsert', 'Delete', 'Flush']);

/** Milliseconds since 1970, which the SDK sends with every request. */
const REQUEST_TIME = 'client-request-unixmsec';

function withMetadata(
  values: ReadonlyMap<string, string>,
): (options: InterceptorOptions, nextCall: NextCall) => InterceptingCall {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        for (const [key, value] of values) metadata.set(key, value);
        metadata.set(REQUEST_TIME, String(Date.now()));
        next(metadata, listener);
      },
    });
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
